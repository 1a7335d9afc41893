import Foundation
import RepriseJobs
import RepriseSystem

/// The user at the terminal.
enum Person {
  /// Returns `true` if there is a user who can be asked.
  static func canBeAsked(quiet: Bool) -> Bool {
    !quiet && Console.isTerminal && isatty(CommandContext.current.input) == 1
  }

  /// Asks whether a submission that is in no log may be sent again; only an explicit yes is consent.
  static func mayResend(_ job: Job) async -> Bool {
    Console.say(
      "job \(job.job): all of its request may have reached the service '\(Console.printable(job.service))', and its log does"
        + " not tell. If it was taken it is paid for, and sending it again buys it twice.")
    let answer = await answer(
      to: "Have you looked, and is request id \(job.job) not there? Type 'resend' to send it again: ")
    return answer == "resend"
  }

  /// Returns `true` if a question is answered with an explicit yes.
  static func says(yesTo question: String) async -> Bool { ["y", "yes"].contains(await answer(to: question)) }

  /// Returns the answer to a question in lower case; empty if stdin has ended.
  private static func answer(to question: String) async -> String {
    StatusLine.leave()
    Console.draw(question)
    let answer = (try? await offPool("reprise.person") { try line(unless: $0) }) ?? nil
    // The end of stdin is not followed by a line end.
    if answer == nil { Console.draw("\n") }
    return answer?.trimmingCharacters(in: .whitespaces).lowercased() ?? ""
  }

  /// Returns a line of stdin without its line end, waiting until Ctrl-C is pressed; `nil` if stdin has ended.
  private static func line(unless cancellation: Cancellation) throws -> String? {
    let input = CommandContext.current.input
    var line: [UInt8] = []
    while true {
      try cancellation.check()
      var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&waiting, 1, 100) > 0 else { continue }
      // Byte by byte, as the bytes after the line belong to another reader.
      var byte: UInt8 = 0
      let count = unsafe read(input, &byte, 1)
      if count < 0 && (errno == EINTR || errno == EAGAIN) { continue }
      if count <= 0 { return line.isEmpty ? nil : String(decoding: line, as: UTF8.self) }
      if byte == UInt8(ascii: "\n") {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
      }
      line.append(byte)
    }
  }
}
