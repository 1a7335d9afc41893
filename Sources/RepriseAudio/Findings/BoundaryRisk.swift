import Foundation

/// Where other tools see a file on the other side of a limit.
enum BoundaryRisk {
  /// One sentence for each limit that is crossed, with the number of every view that crosses it.
  static func sentences(
    _ duration: Inspection.Duration, evidence: Evidence, limits: AudioLimits
  ) -> [String] {
    func side(_ seconds: Double) -> Int {
      seconds < limits.minimumSeconds ? -1 : seconds > limits.maximumSeconds ? 1 : 0
    }
    let truth = side(duration.seconds)
    var views = evidence.views
    if let declared = duration.declaredSeconds {
      views.insert(LengthView(seconds: declared, who: "tools that believe its header"), at: 0)
    }
    var result: [String] = []
    for limit in [limits.minimumSeconds, limits.maximumSeconds] {
      let isUpper = limit == limits.maximumSeconds
      let crossing = views.filter { view in
        side(view.seconds) != truth
          && (isUpper ? max(truth, side(view.seconds)) == 1 : max(truth, side(view.seconds)) < 1)
      }
      guard !crossing.isEmpty else { continue }
      let seen = crossing.map { "\($0.who) see \(exact($0.seconds, near: limit))" }.joined(separator: "; ")
      result.append(
        "it is \(exact(duration.seconds, near: limit)), but \(seen): on the other side of the limit of "
          + describe(seconds: limit))
      if limits.minimumSeconds == limits.maximumSeconds { break }
    }
    return result
  }

  /// What is to be said of a file that is too large by the thousand and not by 1024; `nil` of any other.
  static func sentence(bytes: Int, limits: AudioLimits) -> String? {
    let limit = limits.maximumBytes
    guard limit > 0, limit % 1_000_000 == 0, bytes > limit else { return nil }
    let (binary, overflow) = (limit / 1_000_000).multipliedReportingOverflow(by: 1_048_576)
    guard !overflow, bytes <= binary else { return nil }
    return "\(bytes) bytes are over the limit of \(limit / 1_000_000) MB read as \(limit) bytes, as is done here; "
      + "read as \(limit / 1_000_000) MiB (\(binary) bytes) it would be taken"
  }

  /// A length with as many digits as it takes to tell it from the limit.
  static func exact(_ seconds: Double, near limit: Double) -> String {
    let short = describe(seconds: seconds)
    return short == describe(seconds: limit) && seconds != limit ? String(format: "%.6f s", seconds) : short
  }
}
