import Foundation
import RepriseCommand
import RepriseJobs
import RepriseService
import RepriseSystem
import Testing

/// Swift Testing has an `ExitStatus` too.
private typealias ExitCode = RepriseCommand.ExitStatus

/// An error, the exit code it ends a command with, and the sentence it is told by.
private struct Told: Sendable, CustomTestStringConvertible {
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
    .unreachable, .connection(.broken(place: "the service 's'", reason: "Recv failure")))

  private static func timeOut(
    seconds: Int = 3, said: String? = nil, isKnown: Bool = true, trouble: ServiceError? = nil, wish: Int? = nil
  ) -> ServiceError.Problem {
    .generation(
      .timedOut(
        ServiceError.GenerationProblem.TimeOut(
          id: "g", seconds: seconds, statusWord: "generating", said: said, isKnownStatus: isKnown, trouble: trouble,
          wish: wish, limit: 1200)))
  }

  private static func check(_ told: Told) throws {
    let (status, sentence) = try #require(ErrorPresentation.of(told.error))
    #expect(sentence == told.sentence)
    #expect(status == told.status)
  }

  private static let places: [Told] = [
    Told(
      .serviceRefused, .refused, .address(.unknownService("x", known: ["aimlapi", "local"])),
      "no service is called 'x'; known are aimlapi, local, or give a base URL such as http://127.0.0.1:8080"),
    Told(
      .serviceRefused, .refused, .address(.notBaseURL),
      "a service's base URL looks like https://host or http://127.0.0.1:8080; this one does not"),
    Told(
      .serviceRefused, .refused, .address(.credentials(host: "h")),
      "the base URL for h holds a user name or password; take it out and give the key by AIML_API_KEY instead"),
    Told(
      .serviceRefused, .refused, .address(.badHost),
      "the base URL's host is neither a name (letters, digits, '-', '.', '_') nor an address; check it"),
    Told(
      .serviceRefused, .refused, .address(.badPort(host: "h")),
      "the base URL for h has no port from 1 to 65535 behind its ':'; correct it"),
    Told(
      .serviceRefused, .refused, .address(.queryOrFragment(host: "h")),
      "the base URL for h holds a '?' or '#'; end it before that"),
    Told(
      .serviceRefused, .refused, .address(.clearText(url: "http://h", keyOrigin: "AIML_API_KEY")),
      "http://h is not encrypted, so the key would travel in clear text; use https, or unset AIML_API_KEY if that service"
        + " needs none"),
    Told(
      .serviceRefused, .refused, .address(.unusable(what: "the result", .otherScheme("file"))),
      "the result's URL begins with 'file:'; only http and https are used"),
    Told(
      .keyOrCredit, .unauthorized, .key(.missing(service: "the service 's'", variables: ["A", "B"], file: "/k")),
      "the service 's' wants a key and there is none: set one of A, B, or put it into /k (chmod 600); without a key,"
        + " --service local makes the cover here"),
    Told(
      .keyOrCredit, .unauthorized, .key(.missing(service: "the service 's'", variables: [], file: nil)),
      "the service 's' wants a key and there is none: --send-key sends it the remote service's; without a key,"
        + " --service local makes the cover here"),
    Told(
      .keyOrCredit, .unauthorized, .key(.unusable(origin: "A", .variableName)),
      "the key in A is another variable's name, which nobody has replaced by its value; put the key itself there"),
    Told(
      .keyOrCredit, .unauthorized, .key(.readableByOthers(path: "/k", mode: 0o644)),
      "the key file /k has mode 644, so others may read it; run: chmod 600 /k"),
    Told(
      .inputOutput, .io, .key(.unreadable(path: "/k", isOpen: false, errno: EACCES)),
      "the key file /k could not be opened: Permission denied"),
    Told(
      .usage, .validation,
      .configuration(.mistake(path: "c.toml", line: 3, key: "services.s.key", .noneOf(["required"], isForKey: true))),
      "c.toml:3: services.s.key: is none of \"required\"; a key itself does not belong into this file: put it into an"
        + " environment variable and name that in key_variables, or into keys/NAME beside this file (chmod 600)"),
    Told(
      .usage, .validation, .configuration(.mistake(path: "c.toml", line: nil, key: "a.base_url", .noURL)),
      "c.toml: a.base_url: is missing: say where the service is, as https://host, or which one it is like"),
    Told(
      .serviceRefused, .refused, .configuration(.writableByOthers(path: "c.toml")),
      "c.toml: belongs to another user or may be written by others, and it says where keys are sent; run: chmod go-w"
        + " c.toml"),
    Told(
      .serviceRefused, .refused,
      .configuration(
        .service(path: "c.toml", name: "s", ServiceError(.refused, .address(.queryOrFragment(host: "h"))))),
      "c.toml: the service 's': the base URL for h holds a '?' or '#'; end it before that"),
  ]

  @Test("of addresses, keys and the configuration", arguments: places)
  private func place(_ told: Told) throws { try Self.check(told) }

  private static let requests: [Told] = [
    Told(
      .usage, .validation, .request(.lyricsMissing),
      "the service wants lyrics; give them by --lyrics TEXT or --lyrics @FILE"),
    Told(
      .usage, .validation, .request(.length(of: .lyrics, 1, allowed: 10...3000)),
      "the lyrics have 1 character; the service wants 10–3000; nothing was sent"),
    Told(
      .usage, .validation, .request(.format(path: "a.ogg", "ogg", allowed: ["flac", "mp3"])),
      "a.ogg: the service takes flac, mp3, not ogg; try 'reprise prepare a.ogg'"),
    Told(
      .usage, .validation, .request(.tooLarge(path: "a.wav", bytes: 1_000_001, limit: 1_000_000)),
      "a.wav: 1.1 MB is over the service's 1 MB; try 'reprise prepare a.wav'"),
    Told(
      .inputOutput, .io, .request(.changed(path: "a.wav")),
      "a.wav: changed while it was being sent; start again once nothing writes to it any more"),
    Told(
      .inputOutput, .io, .setup(.missing(reason: "no such file")),
      "libcurl could not be loaded (no such file), so nothing was sent; install it: apt install libcurl4, or brew install"
        + " curl"),
    Told(
      .inputOutput, .io, .setup(.certificates(variable: "SSL_CERT_FILE", path: "/c", fault: "is no file")),
      "/c is no file, and SSL_CERT_FILE names it as the certificates to trust, so nothing was sent; correct the variable,"
        + " or unset it"),
    Told(
      .serviceRefused, .unreachable, .connection(.unreachable(place: "the service 's'", reason: "refused")),
      "the service 's' can't be reached (refused); check the address and the network"),
    Told(
      .serviceRefused, .unreachable,
      .connection(.noTunnel(place: "the service 's'", proxy: "127.0.0.1:1", status: 0, reason: "aborted")),
      "the service 's' can't be reached (the proxy at 127.0.0.1:1 made no tunnel: aborted; check https_proxy); check the"
        + " address and the network"),
    Told(
      .serviceRefused, .unreachable,
      .connection(.noTunnel(place: "the service 's'", proxy: "127.0.0.1:1", status: 407, reason: "")),
      "the service 's' can't be reached (the proxy at 127.0.0.1:1 wants a name and password (407); put them into"
        + " https_proxy); check the address and the network"),
    Told(
      .serviceRefused, .unreachable, .connection(.notWhole(reset, sent)),
      "the connection to the service 's' broke (Recv failure); try again; 5 of 10 bytes had left: the service has no whole"
        + " request, so nothing was accepted"),
    Told(
      .serviceRefused, .refused, .connection(.refusedWhileSending(place: "the service 's'", reason: "reset", sent)),
      "the service 's' refused the request while its body was being sent, and its answer could not be read (reset); 5 of"
        + " 10 bytes had left: the service has no whole request, so nothing was accepted. Most often the body is too large"
        + " for it"),
    Told(
      .pending,
      ServiceError(
        .ambiguous,
        .connection(
          .ambiguous(
            .init(place: "the service 's'", reason: "reset", sent: sent, keptAt: "/answer", trace: trace))),
        mayHaveBeenAccepted: true),
      "the submission to the service 's' failed (reset); 5 of 10 bytes had left: it may have been accepted and billed: what"
        + " came is kept in /answer; look for request id rp-1 in the service's log before you send it again"),
    Told(
      .interrupted,
      ServiceError(
        .cancelled,
        .connection(
          .ambiguous(.init(place: "the service 's'", reason: nil, sent: sent, keptAt: nil, trace: untraced))),
        mayHaveBeenAccepted: true),
      "stopped before the service 's' had answered; 5 of 10 bytes had left: it may have been accepted and billed: the"
        + " service keeps no log, so look at the account's bill there before you send it again (request id rp-1)"),
  ]

  @Test("of requests and connections", arguments: requests)
  private func request(_ told: Told) throws { try Self.check(told) }

  private static let submissions: [Told] = [
    Told(
      .serviceRefused, .validation, .submission, 400, "bad", .invalid,
      "the service 's' refused the request (400): bad; change what it names and try again"),
    Told(
      .keyOrCredit, .unauthorized, .submission, 401, nil, .unauthorized(keyOrigin: "A", variable: "A"),
      "the service 's' refused the key from A (401); set A to a key that is valid there"),
    Told(
      .keyOrCredit, .unauthorized, .submission, 401, nil, .unauthorized(keyOrigin: nil, variable: nil),
      "the service 's' refused a request without a key (401); set the key's variable to a key that is valid there"),
    Told(
      .keyOrCredit, .noCredit, .submission, 402, nil, .noCredit,
      "the service 's' says that the account has no credit for this (402); top it up, or use another key"),
    Told(
      .keyOrCredit, .noCredit, .submission, 403, "no", .forbidden,
      "the service 's' refused the request (403): no; the account may have no credit for this, or the key may not be allowed"
        + " to do it: top it up, or use another key"),
    Told(
      .serviceRefused, .refused, .submission, 403, "code 1010", .blockedByCDN,
      "a CDN before the service 's' refused the connection (403, code 1010); this is not about credit: try from another"
        + " network or without a proxy, or tell the service"),
    Told(
      .serviceRefused, .notFound, .submission, 404, nil, .notFound(url: "https://h/v2", model: "m"),
      "the service 's' has nothing at https://h/v2, or no model 'm' (404); check --service"),
    Told(
      .serviceRefused, .tooLarge, .submission, 413, nil, .tooLarge(bytes: 30_000_000),
      "the service 's', or a gateway before it, takes no body of 30 MB (413); nothing was accepted: send a smaller file, as"
        + " 'reprise prepare --format mp3' makes one"),
    Told(
      .serviceRefused, .rateLimited, .submission, 429, nil, .busy,
      "the service 's' has too many requests just now (429); nothing was accepted: wait a little and try again"),
    Told(
      .serviceRefused, .serverTrouble, .submission, 503, "overloaded", .unavailable,
      "the service 's' is not available just now (503): overloaded; try again later"),
    Told(
      .serviceRefused, .refused, .submission, 501, nil, .serverTrouble,
      "the service 's' does not do this (501); nothing was accepted: check --service"),
    Told(
      .serviceRefused, .refused, .submission, 307, nil, .redirected(to: "https://e.example"),
      "the service 's' redirects to https://e.example; key and audio don't follow redirects: give the right base URL by"
        + " --service if you trust it"),
    Told(
      .serviceRefused, .serverTrouble, .submission, 502, nil, .incomplete,
      "the service 's' broke off the submission (502); it has no whole request, so nothing was accepted: try again later"
    ),
    Told(
      .serviceRefused, .refused, .submission, 200, "over capacity", .errorInBody,
      "the service 's' answered 200 with an error and no generation: over capacity"),
    Told(
      .pending, .ambiguous, .submission, 502, nil, .ambiguous(.failed, trace, keptAt: nil),
      "the service 's' failed on the submission (502); it may have accepted and billed it all the same: look for request id"
        + " rp-1 in its log before you send it again"),
    Told(
      .pending, .ambiguous, .submission, 200, nil, .ambiguous(.page(baseURL: "https://h"), trace, keptAt: nil),
      "the service 's' answered a web page, not JSON; is https://h a cover service's base URL? If it is, it may have accepted"
        + " and billed the submission: look for request id rp-1 in its log before you send it again"),
    Told(
      .pending, .ambiguous, .submission, 201, "ok", .ambiguous(.noID, trace, keptAt: nil),
      "the service 's' answered 201 without an id: ok; it may have accepted and billed the submission: look for request id"
        + " rp-1 in its log before you send it again"),
    Told(
      .pending, .ambiguous, .submission, 200, nil, .ambiguous(.noVerdict, untraced, keptAt: "/answer"),
      "the service 's' answered 200 without base_resp; what it said is kept in /answer; it may have accepted and billed the"
        + " submission: the service keeps no log, so look at the account's bill there before you send it again (request id"
        + " rp-1)"),
    Told(
      .serviceRefused, .generationFailed, .submission, 1033, "x", .failed,
      "the service 's' could not make the cover (1033): x; nothing was made and failed requests are not charged: run it"
        + " again"),
  ]

  @Test("of answers to submissions", arguments: submissions)
  private func submission(_ told: Told) throws { try Self.check(told) }

  private static let questions: [Told] = [
    Told(
      .serviceRefused, .refused, .generation, 302, nil, .redirected(to: nil),
      "the service 's' redirects; key and audio don't follow redirects: give the right base URL by --service if you trust it;"
        + " that says nothing about the generation"),
    Told(
      .keyOrCredit, .unauthorized, .log, 401, "no", .unauthorized(keyOrigin: "A", variable: "A"),
      "the service 's' refused the key from A (401): no; set A to a key that is valid there, and ask again; that says nothing"
        + " about what was submitted"),
    Told(
      .keyOrCredit, .noCredit, .generation, 403, nil, .forbidden,
      "the service 's' refused to tell how far the generation is (403); the account may have no credit, or this key may not"
        + " ask it; that says nothing about the generation: ask again with the key it was submitted with, or once the"
        + " account is in order"),
    Told(
      .serviceRefused, .validation, .log, 422, nil, .invalid,
      "the service 's' refused to show its log (422); that says nothing about what was submitted: ask again later"),
    Told(
      .serviceRefused, .notFound, .generation, 404, nil, .unknown("g"),
      "the service 's' knows no generation 'g' (404); it was made elsewhere, under another key, or is gone"),
    Told(
      .serviceRefused, .notFound, .log, 410, nil, .unknown(""),
      "the service 's' has no log where it was asked for it (410); that says nothing about what was submitted"),
    Told(
      .serviceRefused, .rateLimited, .generation, 429, nil, .busy,
      "the service 's' has too many requests just now (429); that says nothing about the generation: ask again a little"
        + " later"),
    Told(
      .serviceRefused, .serverTrouble, .generation, 500, nil, .serverTrouble,
      "the service 's' is in trouble (500); that says nothing about the generation: ask again later"),
    Told(
      .serviceRefused, .serverTrouble, .generation, 404, "gone", .gatewayPage,
      "a gateway before the service 's' answered with a web page (404, gone), as they do while a service is replaced; that"
        + " says nothing about the generation: ask again later"),
    Told(
      .serviceRefused, .serverTrouble, .log, 404, "gone", .gatewayPage,
      "a gateway before the service 's' answered with a web page (404) where its log was asked; ask again later"),
    Told(
      .serviceRefused, .badAnswer, .generation, 200, nil, .page(baseURL: "https://h"),
      "the service 's' answered a web page, not JSON; is https://h a cover service's base URL?"),
    Told(
      .serviceRefused, .badAnswer, .log, 200, "hm", .unrecognized,
      "the service 's' answered something that is no log: hm; that says nothing about what was submitted: ask again later"
    ),
    Told(
      .serviceRefused, .expired, .result, 403, "AccessDenied", .expired,
      "the result at https://store.example is not to be had any more (403): AccessDenied; such URLs are good for about a day:"
        + " resuming the job asks the service for a new one"),
    Told(
      .serviceRefused, .rateLimited, .result, 429, nil, .busy,
      "https://store.example has too many requests just now (429); the result is still there: fetch it again a little later"
    ),
    Told(
      .serviceRefused, .refused, .result, 418, nil, .refused,
      "https://store.example refused to hand out the result (418)"),
  ]

  @Test("of answers to questions, and for results", arguments: questions)
  private func question(_ told: Told) throws { try Self.check(told) }

  private static let generations: [Told] = [
    Told(
      .pending, .timedOut, timeOut(),
      "generation 'g' was not done after 3 s (its status was 'generating'); it goes on at the service and is paid for: don't"
        + " send it again, go on with 'reprise resume g'"),
    Told(
      .pending, .timedOut, timeOut(seconds: 0, trouble: reset, wish: 3600),
      "generation 'g' is not done yet, as far as the service has told, and the service wants to be asked no sooner than in"
        + " 3600 s, beyond the 1200 s that were to be waited (last: the connection to the service 's' broke (Recv failure);"
        + " try again); it goes on at the service and is paid for: don't send it again, go on with 'reprise resume g'"),
    Told(
      .pending, .timedOut, timeOut(said: "no GPU", isKnown: false),
      "generation 'g' was not done after 3 s (its status was 'generating': no GPU); it may go on at the service and be paid"
        + " for: don't send it again, go on with 'reprise resume g'"),
    Told(
      .interrupted, .cancelled, .generation(.stopped(id: "g")),
      "stopped waiting; generation 'g' goes on at the service: go on with 'reprise resume g'"),
    Told(
      .serviceRefused, .unreachable, .generation(.abandoned(reset)),
      "the connection to the service 's' broke (Recv failure); try again (the last of several such answers in a row)"),
    Told(
      .serviceRefused, .badAnswer, .generation(.noURL(id: "g")),
      "the service says 'g' is completed and gives no URL; resume the job later"),
    Told(
      .serviceRefused, .generationFailed, .generation(.ended(.init(.failed, word: "error", said: "Sensitive: no"))),
      "the service could not make the cover: Sensitive: no; failed generations are not charged: change the prompt, the"
        + " lyrics or the audio and try again"),
    Told(
      .serviceRefused, .generationFailed, .generation(.ended(.init(.rejected, word: "moderated", said: nil))),
      "the service rejected the generation ('moderated'), without saying why; change the prompt, the lyrics or the audio"
        + " before it is sent again: nothing more will come of it; whether it was charged tells the account's bill there"
    ),
    Told(
      .serviceRefused, .generationFailed, .generation(.ended(.init(.expired, word: "expired", said: "late"))),
      "the generation has expired at the service ('expired'): late; nothing more will come of it; whether it was charged"
        + " tells the account's bill there"),
    Told(
      .serviceRefused, .unreachable, .log(.tooSlow(place: "the service 's'", seconds: 90)),
      "the log of the service 's' could not be read within 90 s; ask again later"),
    Told(
      .serviceRefused, .notAudio, .result(.text(kind: .page, mediaType: "text/html")),
      "the result is a web page (text/html), not audio; resuming the job asks for it again"),
    Told(
      .inputOutput, .io, .result(.outOfRoom(path: "/p", isQuota: false, kept: 7)),
      "/p: the disk is full; the result's first 7 bytes are kept there: free some space and resume the job"),
    Told(
      .inputOutput, .io, .result(.notPlaced(.file(FileError(.exists, path: "c.mp3")), path: "/p")),
      "c.mp3: already exists; use --force to replace it, or name another output (what was fetched is kept in /p: nothing"
        + " needs to be bought or fetched again)"),
    Told(
      .inputOutput, .io, .result(.earlierAnswer(path: "/a")),
      "/a holds an earlier answer of the service, which may have been paid for; nothing was sent: resume the job, or move"
        + " the file away"),
    Told(
      .pending, .ambiguous, .submission(.ambiguous(job: "rp-1", service: "s", .absent)),
      "job rp-1 is ambiguous: all of the request may have reached the service 's', and its log does not name it (yet); it may"
        + " be paid for. Look for request id rp-1 in the service's log or bill; only if it is not there: 'reprise resume rp-1"
        + " --resend' sends it again, 'reprise jobs forget --force rp-1' drops it"),
    Told(
      .serviceRefused, .generationFailed, .submission(.failed(job: "rp-1", service: "s")),
      "the service 's' took job rp-1 and could not make the cover: its log says that it failed, and failed requests are not"
        + " charged; the job has ended, and the cover can be asked for anew"),
    Told(
      .inputOutput, .io, .submission(.textsGone(job: "rp-1", directory: "/d")),
      "job rp-1 was never accepted, and its words are gone from /d; begin it again with 'reprise cover'"),
    Told(
      .inputOutput, .io,
      .submission(
        .audioUnreadable(path: "a.wav", ServiceError.Cause(FileError(.missing, path: "a.wav", doing: "read")))),
      "a.wav: can't be sent (a.wav: no such file); put it back, or begin again with 'reprise cover'"),
    Told(
      .serviceRefused, .expired, .submission(.outputGone(job: "rp-1", path: "c.mp3")),
      "job rp-1: the cover is gone from c.mp3, and the service can't be asked for it: 'reprise cover' makes another"),
  ]

  @Test("of generations, results and jobs", arguments: generations)
  private func generation(_ told: Told) throws { try Self.check(told) }

  @Test("the job's name is what goes on with it, and where an answer is kept is told last")
  func details() throws {
    var error = ServiceError(.timedOut, Self.timeOut(), generationID: "g")
    error.job = "rp-1"
    error.answerKeptAt = "/a"
    #expect(
      ErrorPresentation.sentence(error)
        == "generation 'g' was not done after 3 s (its status was 'generating'); it goes on at the service and is paid for:"
        + " don't send it again, go on with 'reprise resume rp-1'; what it answered is kept in /a")
  }

  private static let local: [Told] = [
    Told(
      .inputOutput, FileError(.exists, path: "c.mp3"),
      "c.mp3: already exists; use --force to replace it, or name another output"),
    Told(.noInput, FileError(.missing, path: "c.mp3", doing: "read"), "c.mp3: no such file"),
    Told(
      .inputOutput, DigestError.notStarted, "libcrypto could not start a SHA-256; is there memory left?"),
    Told(
      .inputOutput, DigestError.missing(reason: "x"),
      "libcrypto could not be loaded (x), so nothing can be hashed; install it: apt install libssl3"),
    Told(
      .noInput, LedgerError(.noSuchJob("rp-2", path: "/l")),
      "there is no job 'rp-2' in /l; 'reprise jobs' lists what there is"),
    Told(
      .usage, LedgerError(.severalJobs("rp", fits: ["rp-1", "rp-2"])),
      "'rp' fits 2 jobs (rp-1, rp-2); give more of it"),
    Told(
      .inputOutput, LedgerError(.newerLedger(path: "/l")),
      "/l: was written by a newer reprise; update this one, nothing was changed"),
    Told(
      .inputOutput, LedgerError(.noOtherID(job: "rp-1", state: .verified, id: "g")),
      "job rp-1 is verified and has the id 'g': no other id can be given to it"),
    Told(
      .pending,
      LedgerError(.unwritten(job: "rp-1", service: "s", id: "g", LedgerError(.newerJob("rp-1")))),
      "job rp-1 may be paid for and could not be written down: job rp-1 was written by a newer reprise, and only that one may"
        + " change it; its id at s is 'g': keep this message, do not send it again; once there is space, 'reprise resume rp-1"
        + " --id=g' goes on"),
    Told(
      .pending,
      LedgerError(.unwritten(job: "rp-1", service: "s", id: nil, LedgerError(.newerJob("rp-1")))),
      "job rp-1 may be paid for and could not be written down: job rp-1 was written by a newer reprise, and only that one may"
        + " change it; its id at s is not known: keep this message, do not send it again; 'reprise resume rp-1' asks the"
        + " service's log"),
  ]

  @Test("of files and of the ledger", arguments: local)
  private func tellsLocal(_ told: Told) throws { try Self.check(told) }

  @Test("a manifest's mistakes are told a line each, with what to do next, and the rest is counted")
  func manifest() throws {
    do {
      _ = try Manifest(
        bytes: Array(("path,output\na,b/\n" + String(repeating: "c\n", count: 20)).utf8), name: "runs.csv", path: nil,
        directory: "/")
      Issue.record("no error")
    } catch let error as ManifestError {
      let lines = ErrorPresentation.sentence(error).split(separator: "\n")
      #expect(lines.first == "runs.csv: line 2, column 3: 'output' names a directory; name a file")
      let second = try #require(lines.dropFirst().first)
      let advice = "a field with the separator in it wants quotes around it"
      #expect(String(second) == "runs.csv: line 3, column 1: has 1 field, the header has 2; \(advice)")
      #expect(lines.count == ManifestError.shown + 1 && lines.last == "runs.csv: and 1 more")
      #expect(ErrorPresentation.of(error)?.status == .usage)
    }
  }
}
