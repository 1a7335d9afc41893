import CommandSupport
import Foundation
import Testing

@Suite("A scan on a terminal", .enabled(if: KillPoint.isPossible))
struct ValidateProgressTests {
  @Test(
    "on a terminal it is a bar that fits, with count, rate, time left and a name, and goes away",
    .timeLimit(.minutes(1)), arguments: [UInt16(60), 80, 120])
  func bar(columns: UInt16) async throws {
    let command = try Command(.process)
    defer { command.clean() }
    let fault = try await LongNames.fill(command)
    let terminal = try TerminalOutput(columns: columns)
    let (process, out, _) = try command.process(
      ["validate", "--deep", "--no-cache", "--timeout", "2", "tree"],
      environment: fault.environment.merging(["TERM": "xterm"]) { $1 })
    let text = try await terminal.run(process, of: command)
    // A terminal writes a line's end as two.
    let frames = text.replacing("\r\n", with: "\n").split(separator: "\r", omittingEmptySubsequences: false).map(
      String.init)
    let bars = frames.filter { $0.hasPrefix("validate") }
    #expect(bars.count > 3 && bars.allSatisfy { $0.count < Int(columns) }, "\(text)")
    let busy = try #require(bars.last { $0.contains(" left") }, "\(text)")
    #expect(
      busy.firstMatch(of: /^validate   \[#+\.+\]  [0-9]{2}% 20\/21 files, [0-9]+\/s, [0-9]+:[0-9]{2} left/) != nil,
      "\(busy)")
    if columns >= 80 { #expect(busy.firstMatch(of: /left a-ver.*….*\.mp3 *$/) != nil, "\(busy)") }
    // Spaces over it, and the summary at the beginning of a line that is empty.
    let position = try #require(frames.lastIndex { $0.hasPrefix("validate") || $0.hasPrefix("compare") })
    #expect(frames[position + 1].allSatisfy { $0 == " " } && frames[position + 1].count >= frames[position].count - 1)
    #expect(frames.last?.hasPrefix("21 files in ") == true, "\(frames.suffix(3))")
    #expect(try String(contentsOfFile: out, encoding: .utf8).contains("21 files, "))
  }
}
