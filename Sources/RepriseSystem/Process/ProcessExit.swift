/// The way in which a process ended.
package enum ProcessExit: Sendable, Equatable, Codable, CustomStringConvertible {
  /// A signal ended the process: its number.
  case signal(Int32)
  /// The process exited: its exit status.
  case status(Int32)

  /// Creates an exit from the status that waitpid(2) reports.
  package init(_ status: Int32) {
    let signal = status & 0x7F
    self = signal == 0 ? .status(status >> 8 & 0xFF) : .signal(signal)
  }

  /// The exit as text: "signal 11", "exit status 1".
  package var description: String {
    switch self {
    case .signal(let number): "signal \(number)"
    case .status(let number): "exit status \(number)"
    }
  }
}
