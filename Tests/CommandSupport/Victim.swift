import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A process of a test that others end from their threads.
package final class Victim: Sendable {
  private let number = Atomic<Int32>(0)

  /// One that does not run yet.
  package init() {}

  /// Its process number once it runs; 0 before.
  package var pid: Int32 { number.load(ordering: .acquiring) }

  package func began(_ pid: Int32) { number.store(pid, ordering: .releasing) }

  /// Ends it as a power cut does, and returns when it is no more.
  package func kill() {
    let pid = waited()
    guard Self.send(SIGKILL, to: pid) else { return }
    while Self.isRunning(pid) { usleep(200) }
  }

  /// Asks it to end, as Ctrl-C does.
  package func interrupt() { _ = Self.send(SIGINT, to: waited()) }

  /// Closes its terminal.
  package func hangUp() { _ = Self.send(SIGHUP, to: waited()) }

  /// The memory it has now, in bytes, without the pages of files; nil where the system does not tell.
  package func memory() -> Int? {
    let pid = waited()
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("Anonymous:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// The most memory it ever had, in bytes, pages of files among it; nil where the system does not tell.
  package func peak() -> Int? {
    let pid = waited()
    guard let text = try? String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8) else { return nil }
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
  }

  /// Its number; a hook may fire before the parent has heard of it.
  private func waited() -> Int32 {
    while pid == 0 { usleep(200) }
    return pid
  }

  private static func send(_ signal: Int32, to pid: Int32) -> Bool {
    #if canImport(Glibc)
      Glibc.kill(pid, signal) == 0
    #else
      Darwin.kill(pid, signal) == 0
    #endif
  }

  /// Returns `true` if the process still runs: a zombie does not.
  private static func isRunning(_ pid: Int32) -> Bool {
    guard send(0, to: pid) else { return false }
    guard let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else { return false }
    return status.split(separator: ")").last?.split(separator: " ").first != "Z"
  }
}
