import Foundation
import RepriseCommand
import RepriseJobs
import RepriseService
import RepriseSystem
import Testing

/// Swift Testing has an `ExitStatus` too.
private typealias ExitCode = RepriseCommand.ExitStatus

/// An error, the exit code it ends a command with, and the sentence it is told by.
private struct Presented: Sendable, CustomTestStringConvertible {
  let error: any Error
  let status: ExitCode
  let sentence: String

  init(_ status: ExitCode, _ error: any Error, _ sentence: String) {
    self.status = status
    self.error = error
    self.sentence = sentence
  }

  /// An error of a service.
  init(_ status: ExitCode, _ code: ServiceError.Code, _ problem: ServiceError.Problem, _ sentence: String) {
    self.init(status, ServiceError(code, problem), sentence)
  }

  /// An answer of a service.
  init(
    _ exit: ExitCode, _ code: ServiceError.Code, _ asked: ServiceError.AnswerProblem.Asked, _ status: Int,
    _ said: String?, _ meaning: ServiceError.AnswerProblem.Meaning, _ sentence: String
  ) {
    let who = asked == .result ? "https://store.example" : "the service 's'"
    let answer = ServiceError.AnswerProblem(who: who, asked: asked, status: status, said: said, meaning: meaning)
    var error = ServiceError(code, .answer(answer), mayHaveBeenAccepted: code == .ambiguous)
    error.status = status
    self.init(exit, error, sentence)
  }

  var testDescription: String { sentence }
}

@Suite("Errors in sentences")
struct ErrorPresentationTests {
  private static let trace = ServiceError.SubmissionTrace(requestID: "rp-1", isLogged: true)
  private static let untraced = ServiceError.SubmissionTrace(requestID: "rp-1", isLogged: false)
  private static let sent = ServiceError.ConnectionProblem.Sent(bytes: 5, total: 10)
  private static let reset = ServiceError(
    .unreachable, .connection(.broken(peer: "the service 's'", reason: "Recv failure")))

  private static func timeOut(
    seconds: Int = 3, said: String? = nil, isKnown: Bool = true, failure: ServiceError? = nil, delay: Int? = nil,
    price: Double? = 0.195
  ) -> ServiceError.Problem {
    .generation(
      .timedOut(
        ServiceError.GenerationProblem.TimeOut(
          id: "g", seconds: seconds, statusWord: "generating", said: said, isKnownStatus: isKnown, failure: failure,
          delay: delay, limit: 1200, price: price)))
  }

  private static func check(_ example: Presented) throws {
    let (status, sentence) = try #require(ErrorPresentation.of(example.error))
    #expect(sentence == example.sentence)
    #expect(status == example.status)
  }

  private static let places: [Presented] = [
    Presented(
      .serviceRefused, .refused, .address(.unknownService("x", known: ["aimlapi", "local"])),
      "no service is called 'x'; known are aimlapi, local, or give a base URL such as http://127.0.0.1:8080"),
    Presented(
      .serviceRefused, .refused, .address(.notBaseURL),
      "a service's base URL looks like https://host or http://127.0.0.1:8080; this one does not"),
    Presented(
      .serviceRefused, .refused, .address(.credentials(host: "h")),
      "the base URL for h holds a user name or password; take it out and give the key in AIML_API_KEY instead"),
    Presented(
      .serviceRefused, .refused, .address(.badHost),
      "the base URL's host is neither a name (letters, digits, '-', '.', '_') nor an address; check it"),
    Presented(
      .serviceRefused, .refused, .address(.badPort(host: "h")),
      "the base URL for h has no port from 1 to 65535 after its ':'; correct it"),
    Presented(
      .serviceRefused, .refused, .address(.queryOrFragment(host: "h")),
      "the base URL for h holds a '?' or '#'; end it before that"),
    Presented(
      .serviceRefused, .refused, .address(.clearText(url: "http://h", keyOrigin: "AIML_API_KEY")),
      "http://h is not encrypted, so the key would travel in clear text; use https, or unset AIML_API_KEY if that service"
        + " needs none"),
    Presented(
      .serviceRefused, .refused, .address(.unusable(what: "the result", .otherScheme("file"))),
      "the result's URL begins with 'file:'; only http and https are used"),
    Presented(
      .keyOrCredit, .unauthorized, .key(.missing(service: "the service 's'", variables: ["A", "B"], file: "/k")),
      "the service 's' requires a key and there is none: set one of A, B, or put it into /k (chmod 600); without a key,"
        + " --service local makes the cover here"),
    Presented(
      .keyOrCredit, .unauthorized, .key(.missing(service: "the service 's'", variables: [], file: nil)),
      "the service 's' requires a key and there is none: --send-key sends it the remote service's; without a key,"
        + " --service local makes the cover here"),
    Presented(
      .keyOrCredit, .unauthorized, .key(.unusable(origin: "A", .variableName)),
      "the key in A is another variable's name, which nobody has replaced by its value; put the key itself there"),
    Presented(
      .keyOrCredit, .unauthorized, .key(.readableByOthers(path: "/k", mode: 0o644)),
      "the key file /k has mode 644, so others may read it; run: chmod 600 /k"),
    Presented(
      .inputOutput, .io, .key(.unreadable(path: "/k", isOpen: false, errno: EACCES)),
      "the key file /k could not be opened: Permission denied"),
    Presented(
      .usage, .validation,
      .configuration(.mistake(path: "c.toml", line: 3, key: "services.s.key", .noneOf(["required"], isForKey: true))),
      "c.toml:3: services.s.key: is none of \"required\"; a key itself does not belong in this file: put it into an"
        + " environment variable and name that in key_variables, or into keys/NAME beside this file (chmod 600)"),
    Presented(
      .usage, .validation, .configuration(.mistake(path: "c.toml", line: nil, key: "a.base_url", .noURL)),
      "c.toml: a.base_url: is missing: say where the service is, as https://host, or which one it is like"),
    Presented(
      .serviceRefused, .refused, .configuration(.writableByOthers(path: "c.toml", mode: 0o666)),
      "c.toml: has mode 666, so others may write it, and it says where keys are sent; run: chmod go-w c.toml"),
    Presented(
      .serviceRefused, .refused, .configuration(.ownedByOther(path: "c.toml")),
      "c.toml: belongs to another user, and it says where keys are sent; put a copy of your own in its place"),
    Presented(
      .serviceRefused, .refused,
      .configuration(
        .service(path: "c.toml", name: "s", ServiceError(.refused, .address(.queryOrFragment(host: "h"))))),
      "c.toml: the service 's': the base URL for h holds a '?' or '#'; end it before that"),
  ]

  @Test("of addresses, keys and the configuration", arguments: places)
  private func location(_ example: Presented) throws { try Self.check(example) }

  private static let requests: [Presented] = [
    Presented(
      .usage, .validation, .request(.lyricsMissing),
      "the service requires lyrics; give them with --lyrics TEXT or --lyrics @FILE"),
    Presented(
      .usage, .validation, .request(.length(of: .lyrics, 1, allowed: 10...3000)),
      "the lyrics have 1 character; the service wants 10–3000; nothing was sent"),
    Presented(
      .usage, .validation, .request(.format(path: "a.ogg", "ogg", allowed: ["flac", "mp3"])),
      "a.ogg: the service takes flac, mp3, not ogg; try 'reprise prepare a.ogg'"),
    Presented(
      .usage, .validation, .request(.tooLarge(path: "a.wav", bytes: 1_000_001, limit: 1_000_000)),
      "a.wav: 1.1 MB is over the service's 1 MB; try 'reprise prepare a.wav'"),
    Presented(
      .inputOutput, .io, .request(.changed(path: "a.wav")),
      "a.wav: changed while it was being sent; start again once nothing writes to it any more"),
    Presented(
      .inputOutput, .io, .setup(.missing(reason: "no such file")),
      "libcurl could not be loaded (no such file), so nothing was sent; install it: apt install libcurl4, or brew install"
        + " curl"),
    Presented(
      .inputOutput, .io, .setup(.certificates(variable: "SSL_CERT_FILE", path: "/c", fault: "is not a file")),
      "/c is not a file, and SSL_CERT_FILE names it as the certificates to trust, so nothing was sent; correct the variable,"
        + " or unset it"),
    Presented(
      .serviceRefused, .unreachable, .connection(.unreachable(peer: "the service 's'", reason: "refused")),
      "the service 's' can't be reached (refused); check the address and the network"),
    Presented(
      .serviceRefused, .unreachable,
      .connection(.noTunnel(peer: "the service 's'", proxy: "127.0.0.1:1", status: 0, reason: "aborted")),
      "the service 's' can't be reached (the proxy at 127.0.0.1:1 made no tunnel: aborted; check https_proxy); check the"
        + " address and the network"),
    Presented(
      .serviceRefused, .unreachable,
      .connection(.noTunnel(peer: "the service 's'", proxy: "127.0.0.1:1", status: 407, reason: "")),
      "the service 's' can't be reached (the proxy at 127.0.0.1:1 requires a name and password (407); put them into"
        + " https_proxy); check the address and the network"),
    Presented(
      .serviceRefused, .unreachable, .connection(.notWhole(reset, sent)),
      "the connection to the service 's' broke (Recv failure); try again; 5 of 10 bytes had left: the service has no whole"
        + " request, so nothing was accepted"),
    Presented(
      .serviceRefused, .refused, .connection(.refusedWhileSending(peer: "the service 's'", reason: "reset", sent)),
      "the service 's' refused the request while its body was being sent, and its answer could not be read (reset); 5 of"
        + " 10 bytes had left: the service has no whole request, so nothing was accepted. Most often the body is too large"
        + " for it"),
    Presented(
      .pending,
      ServiceError(
        .ambiguous,
        .connection(
          .ambiguous(
            .init(peer: "the service 's'", reason: "reset", sent: sent, keptAt: "/answer", trace: trace))),
        mayHaveBeenAccepted: true),
      "the submission to the service 's' failed (reset); 5 of 10 bytes had left: it may have been accepted and billed: what"
        + " came is kept in /answer; look for request id rp-1 in the service's log before you send it again"),
    Presented(
      .interrupted,
      ServiceError(
        .cancelled,
        .connection(
          .ambiguous(.init(peer: "the service 's'", reason: nil, sent: sent, keptAt: nil, trace: untraced))),
        mayHaveBeenAccepted: true),
      "stopped before the service 's' had answered; 5 of 10 bytes had left: it may have been accepted and billed: the"
        + " service keeps no log, so look at the account's bill there before you send it again (request id rp-1)"),
  ]

  @Test("of requests and connections", arguments: requests)
  private func request(_ example: Presented) throws { try Self.check(example) }

  private static let submissions: [Presented] = [
    Presented(
      .serviceRefused, .validation, .submission, 400, "bad", .invalid,
      "the service 's' refused the request (400): bad; change what it names and try again"),
    Presented(
      .keyOrCredit, .unauthorized, .submission, 401, nil, .unauthorized(keyOrigin: "A", variable: "A"),
      "the service 's' refused the key from A (401); set A to a key that is valid there"),
    Presented(
      .keyOrCredit, .unauthorized, .submission, 401, nil, .unauthorized(keyOrigin: nil, variable: nil),
      "the service 's' refused a request without a key (401); set the key's variable to a key that is valid there"),
    Presented(
      .keyOrCredit, .noCredit, .submission, 402, nil, .noCredit,
      "the service 's' says that the account has no credit for this (402); top it up, or use another key"),
    Presented(
      .keyOrCredit, .noCredit, .submission, 403, "no", .forbidden,
      "the service 's' refused the request (403): no; the account may have no credit for this, or the key may not be allowed"
        + " to do it: top it up, or use another key"),
    Presented(
      .serviceRefused, .refused, .submission, 403, "code 1010", .blockedByCDN,
      "a CDN before the service 's' refused the connection (403, code 1010); this is not about credit: try from another"
        + " network or without a proxy, or report it to the service"),
    Presented(
      .serviceRefused, .notFound, .submission, 404, nil, .notFound(url: "https://h/v2", model: "m"),
      "the service 's' has nothing at https://h/v2, or no model 'm' (404); check --service"),
    Presented(
      .serviceRefused, .tooLarge, .submission, 413, nil, .tooLarge(bytes: 30_000_000),
      "the service 's', or a gateway before it, takes no body of 30 MB (413); nothing was accepted: send a smaller file, as"
        + " 'reprise prepare --format mp3' makes one"),
    Presented(
      .serviceRefused, .rateLimited, .submission, 429, nil, .busy,
      "the service 's' has too many requests just now (429); nothing was accepted: wait a little and try again"),
    Presented(
      .serviceRefused, .serverTrouble, .submission, 503, "overloaded", .unavailable,
      "the service 's' is not available just now (503): overloaded; try again later"),
    Presented(
      .serviceRefused, .refused, .submission, 501, nil, .serverTrouble,
      "the service 's' does not do this (501); nothing was accepted: check --service"),
    Presented(
      .serviceRefused, .refused, .submission, 307, nil, .redirected(to: "https://e.example"),
      "the service 's' redirects to https://e.example; key and audio don't follow redirects: give the right base URL with"
        + " --service if you trust it"),
    Presented(
      .serviceRefused, .serverTrouble, .submission, 502, nil, .incomplete,
      "the service 's' broke off the submission (502); it has no whole request, so nothing was accepted: try again later"
    ),
    Presented(
      .serviceRefused, .refused, .submission, 200, "over capacity", .errorInBody,
      "the service 's' answered 200 with an error and no generation: over capacity"),
    Presented(
      .pending, .ambiguous, .submission, 502, nil, .ambiguous(.failed, trace, keptAt: nil),
      "the service 's' failed on the submission (502); it may have accepted and billed it all the same: look for request id"
        + " rp-1 in its log before you send it again"),
    Presented(
      .pending, .ambiguous, .submission, 200, nil, .ambiguous(.page(baseURL: "https://h"), trace, keptAt: nil),
      "the service 's' answered a web page, not JSON; is https://h a cover service's base URL? If it is, it may have accepted"
        + " and billed the submission: look for request id rp-1 in its log before you send it again"),
    Presented(
      .pending, .ambiguous, .submission, 201, "ok", .ambiguous(.noID, trace, keptAt: nil),
      "the service 's' answered 201 without an id: ok; it may have accepted and billed the submission: look for request id"
        + " rp-1 in its log before you send it again"),
    Presented(
      .pending, .ambiguous, .submission, 200, nil, .ambiguous(.noVerdict, untraced, keptAt: "/answer"),
      "the service 's' answered 200 without base_resp; what it said is kept in /answer; it may have accepted and billed the"
        + " submission: the service keeps no log, so look at the account's bill there before you send it again (request id"
        + " rp-1)"),
    Presented(
      .serviceRefused, .generationFailed, .submission, 1033, "x", .failed,
      "the service 's' could not make the cover (1033): x; nothing was made and failed requests are not charged: run it"
        + " again"),
  ]

  @Test("of answers to submissions", arguments: submissions)
  private func submission(_ example: Presented) throws { try Self.check(example) }

  private static let questions: [Presented] = [
    Presented(
      .serviceRefused, .refused, .generation, 302, nil, .redirected(to: nil),
      "the service 's' redirects; key and audio don't follow redirects: give the right base URL with --service if you trust it;"
        + " that says nothing about the generation"),
    Presented(
      .keyOrCredit, .unauthorized, .log, 401, "no", .unauthorized(keyOrigin: "A", variable: "A"),
      "the service 's' refused the key from A (401): no; set A to a key that is valid there, and ask again; that says nothing"
        + " about what was submitted"),
    Presented(
      .keyOrCredit, .noCredit, .generation, 403, nil, .forbidden,
      "the service 's' refused to report the generation's status (403); the account may have no credit, or this key may not"
        + " ask it; that says nothing about the generation: ask again with the key it was submitted with, or once the"
        + " account is in order"),
    Presented(
      .serviceRefused, .validation, .log, 422, nil, .invalid,
      "the service 's' refused to show its log (422); that says nothing about what was submitted: ask again later"),
    Presented(
      .serviceRefused, .notFound, .generation, 404, nil, .unknown("g"),
      "the service 's' knows no generation 'g' (404); it was made elsewhere, under another key, or is gone"),
    Presented(
      .serviceRefused, .notFound, .log, 410, nil, .unknown(""),
      "the service 's' has no log where it was asked for it (410); that says nothing about what was submitted"),
    Presented(
      .serviceRefused, .rateLimited, .generation, 429, nil, .busy,
      "the service 's' has too many requests just now (429); that says nothing about the generation: ask again a little"
        + " later"),
    Presented(
      .serviceRefused, .serverTrouble, .generation, 500, nil, .serverTrouble,
      "the service 's' is in trouble (500); that says nothing about the generation: ask again later"),
    Presented(
      .serviceRefused, .serverTrouble, .generation, 404, "gone", .gatewayPage,
      "a gateway before the service 's' answered with a web page (404, gone), as they do while a service is replaced; that"
        + " says nothing about the generation: ask again later"),
    Presented(
      .serviceRefused, .serverTrouble, .log, 404, "gone", .gatewayPage,
      "a gateway before the service 's' answered with a web page (404) where its log was asked; ask again later"),
    Presented(
      .serviceRefused, .badAnswer, .generation, 200, nil, .page(baseURL: "https://h"),
      "the service 's' answered a web page, not JSON; is https://h a cover service's base URL?"),
    Presented(
      .serviceRefused, .badAnswer, .log, 200, "hm", .unrecognized,
      "the service 's' answered something that is not a log: hm; that says nothing about what was submitted: ask again later"
    ),
    Presented(
      .serviceRefused, .expired, .result, 403, "AccessDenied", .expired,
      "the result at https://store.example is no longer available (403): AccessDenied; such URLs are good for about a day:"
        + " resuming the job asks the service for a new one"),
    Presented(
      .serviceRefused, .rateLimited, .result, 429, nil, .busy,
      "https://store.example has too many requests just now (429); the result is still there: fetch it again a little later"
    ),
    Presented(
      .serviceRefused, .refused, .result, 418, nil, .refused,
      "https://store.example refused to hand out the result (418)"),
  ]

  @Test("of answers to questions, and for results", arguments: questions)
  private func question(_ example: Presented) throws { try Self.check(example) }

  private static let generations: [Presented] = [
    Presented(
      .pending, .timedOut, timeOut(price: 0),
      "generation 'g' was not done after 3 s (its status was 'generating'); it continues at the service: don't send it again,"
        + " go on with 'reprise resume g'"),
    Presented(
      .pending, .timedOut, timeOut(price: nil),
      "generation 'g' was not done after 3 s (its status was 'generating'); it continues at the service and may be paid for:"
        + " don't send it again, go on with 'reprise resume g'"),
    Presented(
      .pending, .timedOut, timeOut(isKnown: false, price: 0),
      "generation 'g' was not done after 3 s (its status was 'generating'); it may continue at the service: don't send it"
        + " again, go on with 'reprise resume g'"),
    Presented(
      .pending, .timedOut, timeOut(),
      "generation 'g' was not done after 3 s (its status was 'generating'); it continues at the service and is paid for: don't"
        + " send it again, go on with 'reprise resume g'"),
    Presented(
      .pending, .timedOut, timeOut(seconds: 0, failure: reset, delay: 3600),
      "generation 'g' is not done yet, as far as the service has reported, and the service wants to be asked no sooner than in"
        + " 3600 s, beyond the 1200 s that were to be waited (last: the connection to the service 's' broke (Recv failure);"
        + " try again); it continues at the service and is paid for: don't send it again, go on with 'reprise resume g'"
    ),
    Presented(
      .pending, .timedOut, timeOut(said: "no GPU", isKnown: false),
      "generation 'g' was not done after 3 s (its status was 'generating': no GPU); it may continue at the service and be paid"
        + " for: don't send it again, go on with 'reprise resume g'"),
    Presented(
      .interrupted, .cancelled, .generation(.stopped(id: "g")),
      "stopped waiting; generation 'g' continues at the service: go on with 'reprise resume g'"),
    Presented(
      .serviceRefused, .unreachable, .generation(.abandoned(reset)),
      "the connection to the service 's' broke (Recv failure); try again (the last of several such answers in a row)"),
    Presented(
      .serviceRefused, .badAnswer, .generation(.noURL(id: "g")),
      "the service says 'g' is completed and gives no URL; resume the job later"),
    Presented(
      .serviceRefused, .generationFailed, .generation(.ended(.init(.failed, word: "error", said: "Sensitive: no"))),
      "the service could not make the cover: Sensitive: no; failed generations are not charged: change the prompt, the"
        + " lyrics or the audio and try again"),
    Presented(
      .serviceRefused, .generationFailed, .generation(.ended(.init(.rejected, word: "moderated", said: nil))),
      "the service rejected the generation ('moderated'), without saying why; change the prompt, the lyrics or the audio"
        + " before it is sent again: nothing more will come of it; the account's bill there shows whether it was charged"
    ),
    Presented(
      .serviceRefused, .generationFailed, .generation(.ended(.init(.expired, word: "expired", said: "late"))),
      "the generation has expired at the service ('expired'): late; nothing more will come of it; the account's bill"
        + " there shows whether it was charged"),
    Presented(
      .serviceRefused, .unreachable, .log(.tooSlow(peer: "the service 's'", seconds: 90)),
      "the log of the service 's' could not be read within 90 s; ask again later"),
    Presented(
      .serviceRefused, .notAudio, .result(.text(kind: .page, mediaType: "text/html")),
      "the result is a web page (text/html), not audio; resuming the job asks for it again"),
    Presented(
      .inputOutput, .io, .result(.outOfRoom(path: "/p", isQuota: false, kept: 7)),
      "/p: the disk is full; the result's first 7 bytes are kept there: free some space and resume the job"),
    Presented(
      .inputOutput, .io, .result(.earlierAnswer(path: "/a")),
      "/a holds an earlier answer of the service, which may have been paid for; nothing was sent: resume the job, or move"
        + " the file away"),
    Presented(
      .pending, .ambiguous, .submission(.ambiguous(job: "rp-1", service: "s", .absent)),
      "job rp-1 is ambiguous: all of the request may have reached the service 's', and its log does not name it (yet); it may"
        + " be paid for. Look for request id rp-1 in the service's log or bill; only if it is not there: 'reprise resume rp-1"
        + " --resend' sends it again, 'reprise jobs forget --force rp-1' drops it"),
    Presented(
      .serviceRefused, .generationFailed, .submission(.failed(job: "rp-1", service: "s")),
      "the service 's' took job rp-1 and could not make the cover: its log says that it failed, and failed requests are not"
        + " charged; the job has ended, and the cover can be asked for anew"),
    Presented(
      .inputOutput, .io, .submission(.textsGone(job: "rp-1", directory: "/d")),
      "job rp-1 was never accepted, and its prompt and lyrics are missing from /d; begin it again with 'reprise cover'"),
    Presented(
      .inputOutput, .io,
      .submission(
        .audioUnreadable(path: "a.wav", ServiceError.Cause(FileError(.missing, path: "a.wav", doing: "read")))),
      "a.wav: can't be sent (a.wav: no such file); put it back, or begin again with 'reprise cover'"),
    Presented(
      .serviceRefused, .expired, .submission(.outputGone(job: "rp-1", path: "c.mp3")),
      "job rp-1: the cover is gone from c.mp3, and the service can't be asked for it: 'reprise cover' makes another"),
  ]

  @Test("of generations, results and jobs", arguments: generations)
  private func generation(_ example: Presented) throws { try Self.check(example) }

  @Test("the job's name is what goes on with it, and where an answer is kept is reported last")
  func details() throws {
    var error = ServiceError(.timedOut, Self.timeOut(), generationID: "g")
    error.job = "rp-1"
    error.answerKeptAt = "/a"
    #expect(
      ErrorPresentation.sentence(error)
        == "generation 'g' was not done after 3 s (its status was 'generating'); it continues at the service and is paid for:"
        + " don't send it again, go on with 'reprise resume rp-1'; what it answered is kept in /a")
  }

  private static let local: [Presented] = [
    Presented(
      .inputOutput, FileError(.exists, path: "c.mp3"),
      "c.mp3: already exists; use --force to replace it, or name another output"),
    Presented(.noInput, FileError(.missing, path: "c.mp3", doing: "read"), "c.mp3: no such file"),
    Presented(
      .inputOutput, DigestError.notStarted, "libcrypto could not start a SHA-256; is there memory left?"),
    Presented(
      .inputOutput, DigestError.missing(reason: "x"),
      "libcrypto could not be loaded (x), so nothing can be hashed; install it: apt install libssl3"),
    Presented(
      .noInput, LedgerError(.noSuchJob("rp-2", path: "/l")),
      "there is no job 'rp-2' in /l; 'reprise jobs' lists what there is"),
    Presented(
      .usage, LedgerError(.severalJobs("rp", fits: ["rp-1", "rp-2"])),
      "'rp' fits 2 jobs (rp-1, rp-2); give more of it"),
    Presented(
      .inputOutput, LedgerError(.newerLedger(path: "/l")),
      "/l: was written by a newer reprise; update this one, nothing was changed"),
    Presented(
      .inputOutput, LedgerError(.noOtherID(job: "rp-1", state: .verified, id: "g")),
      "job rp-1 is verified and has the id 'g': no other id can be given to it"),
    Presented(
      .pending,
      LedgerError(.unwritten(job: "rp-1", service: "s", id: "g", LedgerError(.newerJob("rp-1")))),
      "job rp-1 may be paid for and could not be written down: job rp-1 was written by a newer reprise, and only that one may"
        + " change it; its id at s is 'g': keep this message, do not send it again; once there is space, 'reprise resume rp-1"
        + " --id=g' continues"),
    Presented(
      .pending,
      LedgerError(.unwritten(job: "rp-1", service: "s", id: nil, LedgerError(.newerJob("rp-1")))),
      "job rp-1 may be paid for and could not be written down: job rp-1 was written by a newer reprise, and only that one may"
        + " change it; its id at s is not known: keep this message, do not send it again; 'reprise resume rp-1' asks the"
        + " service's log"),
  ]

  @Test("of files and of the ledger", arguments: local)
  private func suggestsLocal(_ example: Presented) throws { try Self.check(example) }
}
