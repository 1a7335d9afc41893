import RepriseService
import Foundation
import Testing

@Suite("The reason that a service gives")
struct AnswerReasonTests {
  @Test(
    "it is found in every common shape",
    arguments: [
      (#"{"message":"too short"}"#, "too short"), (#"{"message":["a is bad","b is bad"]}"#, "a is bad; b is bad"),
      (#"{"detail":"Not enough credit"}"#, "Not enough credit"), (#"{"detail":{"msg":"busy","code":7}}"#, "busy (7)"),
      (
        #"{"detail":[{"loc":["body","prompt"],"msg":"field required","type":"value_error"}]}"#,
        "body.prompt: field required"
      ),
      (
        #"{"detail":[{"loc":["body","tags",0],"msg":"bad"},{"loc":["query","id"],"msg":"worse"}]}"#,
        "body.tags.0: bad; query.id: worse"
      ),
      (#"{"code":430,"msg":"Your call frequency is too high"}"#, "Your call frequency is too high"),
      (#"{"code":1008,"msg":"insufficient balance"}"#, "insufficient balance (1008)"),
      (#"{"errors":[{"message":"no audio"},{"detail":"no words"}]}"#, "no audio; no words"),
      (#"{"errors":[{"title":"Invalid"},{"code":"E42"}]}"#, "Invalid; code E42"), (#"{"errors":["a","b"]}"#, "a; b"),
      (
        #"{"errors":{"prompt":["is too short","is rude"],"lyrics":["is empty"]}}"#,
        "lyrics: is empty; prompt: is too short; is rude"
      ),
      (
        #"{"message":"The given data was invalid.","errors":{"prompt":["is too short"]}}"#,
        "The given data was invalid.: prompt: is too short"
      ),
      (
        #"{"type":"https://e.example/p","title":"Out of credit","detail":"Balance is 30","status":403}"#,
        "Out of credit: Balance is 30"
      ),
      (#"{"error":"plain words"}"#, "plain words"),
      (#"{"error":{"message":"model is gone","code":"model_not_found"}}"#, "model is gone (model_not_found)"),
      (#"{"error":{"code":"insufficient_quota"}}"#, "code insufficient_quota"),
      (#"{"error":{"errors":[{"reason":"dailyLimit"}]}}"#, "dailyLimit"),
      (
        #"{"error":"invalid_grant","error_description":"The token has expired"}"#,
        "The token has expired: invalid_grant"
      ),
      (#"{"message":"{\"error\":{\"message\":\"inner words\"}}"}"#, "inner words"),
      (#""quota exceeded""#, "quota exceeded"),
      (#"{"base_resp":{"status_code":1026,"status_msg":"sensitive content"}}"#, "sensitive content"),
      (#"{"data":{"error":"deep"}}"#, "deep"), (#"{"failure_reason":"GPU lost"}"#, "GPU lost"),
      (#"[{"message":"in a list"}]"#, "in a list"),
      (#"{"fault":{"faultstring":"Rate limit"}}"#, "Rate limit"), (#"{"message":"half an err"#, nil),
      (#"{"message":"whole","trace":"ha"#, "whole"),
      (#"{"errorMessage":"camel"}"#, "camel"),
      (#"{"error":{"param":"prompt","message":"is too long"}}"#, "prompt: is too long"),
      ("upstream connect error", "upstream connect error"), ("  line one\nline two\n", "  line one\nline two\n"),
      ("Traceback (most recent call last):\n  File \"x\"\nValueError: bad key scale\n", "ValueError: bad key scale"),
      (
        #"<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>"#,
        "Request has expired (AccessDenied)"
      ),
      ("<html><title>502</title></html>", nil), ("{}", nil), ("[]", nil), ("null", nil), ("", nil),
      ("\u{1}\u{2}binary", nil),
    ] as [(String, String?)])
  func shapes(body: String, reason: String?) {
    #expect(AnswerReason.of(Array(body.utf8)) == reason, "\(body)")
  }

  @Test("it is bounded however deep or long it is")
  func bounded() {
    let deep = String(repeating: #"{"error":"#, count: 60) + #""x""# + String(repeating: "}", count: 60)
    #expect(AnswerReason.of(Array(deep.utf8)) == nil)
    let many = #"{"errors":["# + (0..<1000).map { "\"e\($0)\"" }.joined(separator: ",") + "]}"
    #expect(AnswerReason.of(Array(many.utf8)) == "e0; e1; e2; e3; e4")
  }

  @Test("a message inside of messages is followed, with the places on the way")
  func chain() {
    var body = #""too high""#
    for location in ["inner", "middle", "outer"] { body = #"{"param":"\#(location)","msg":"# + body + "}" }
    #expect(AnswerReason.of(Array(body.utf8)) == "outer: middle: inner: too high")
  }
}

@Suite("Words for how far a generation is")
struct StatusWordTests {
  @Test(
    "case and separators do not matter",
    arguments: [
      "completed", "Complete", "SUCCEEDED", "success", "done", "Done.", "finished", "ready", "TASK_STATUS_SUCCEED",
      "task-completed",
      "JobSucceeded", "is ready",
    ])
  func completed(word: String) { #expect(Contract.Status(word: word) == .completed) }

  @Test(
    "an end is an end",
    arguments: [
      "error", "Failed", "FAILURE", "canceled", "cancelled", "user_cancelled", "aborted", "expired", "rejected",
      "timeout", "timed_out",
      "Timed Out", "TIMED-OUT", "moderated", "nsfw", "GENERATE_AUDIO_FAILED", "SENSITIVE_WORD_ERROR",
      "failed_permanently",
      "rejected by moderation", "taskFailed", "deadline_exceeded", "terminated", "blocked",
    ])
  func over(word: String) { #expect(Contract.Status(word: word) == .error) }

  @Test(
    "what nobody knows is pending, and so is what only sounds like an end",
    arguments: [
      "waiting", "active", "", "IN_PROGRESS", "not_failed", "retrying after error", "FIRST_SUCCESS", "TEXT_SUCCESS",
      "partially_failed",
      "preprocessing", "post-processing v2", "ünïcödé", "失败了吗", "200", "not_found", "TASK_NOT_FOUND",
    ])
  func pending(word: String) { #expect(Contract.Status(word: word) == .unknown(word)) }

  @Test(
    "a word that only denies something says nothing about the work; one for a part or another attempt does",
    arguments: [
      ("unknown_error", .unknown), ("unauthorized", .unknown), ("unprocessable", .unknown), ("unavailable", .unknown),
      ("no_credits", .unknown), ("no_result", .unknown), ("not_failed", .unknown), ("never_started", .unknown),
      ("partially_failed", .pending), ("retrying after error", .pending), ("FIRST_SUCCESS", .pending),
      ("not_found", .notFound), ("generation_not_found", .notFound), ("no_such_task", .notFound),
      ("does not exist", .notFound), ("processing", .pending), ("undergoing_mixing", .pending),
    ] as [(String, StatusWord.Meaning)])
  func denials(word: String, meaning: StatusWord.Meaning) { #expect(StatusWord(word).meaning == meaning) }
}
