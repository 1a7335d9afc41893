/// Finds limits for which other tools may judge a file differently.
enum BoundaryRisk {
  /// Returns one finding for each limit that is crossed, with every report that crosses it.
  static func findings(
    _ duration: Inspection.Duration, evidence: Evidence, limits: AudioLimits
  ) -> [Finding] {
    func side(_ seconds: Double) -> Int {
      seconds < limits.minimumSeconds ? -1 : seconds > limits.maximumSeconds ? 1 : 0
    }
    let truth = side(duration.seconds)
    var reported = evidence.reportedDurations
    if let declared = duration.declaredSeconds {
      reported.insert(ReportedDuration(seconds: declared, reporter: .header), at: 0)
    }
    var result: [Finding] = []
    for limit in [limits.minimumSeconds, limits.maximumSeconds] {
      let isUpper = limit == limits.maximumSeconds
      let crossing = reported.filter { report in
        side(report.seconds) != truth
          && (isUpper ? max(truth, side(report.seconds)) == 1 : max(truth, side(report.seconds)) < 1)
      }
      guard !crossing.isEmpty else { continue }
      result.append(.lengthRisk(seconds: duration.seconds, limit: limit, reported: crossing))
      if limits.minimumSeconds == limits.maximumSeconds { break }
    }
    return result
  }

  /// Returns the finding about a file that is too large in units of 1000 and not in units of 1024; `nil` for any other.
  static func finding(bytes: Int, limits: AudioLimits) -> Finding? {
    let limit = limits.maximumBytes
    guard limit > 0, limit % 1_000_000 == 0, bytes > limit else { return nil }
    let (binary, overflow) = (limit / 1_000_000).multipliedReportingOverflow(by: 1_048_576)
    guard !overflow, bytes <= binary else { return nil }
    return .sizeRisk(bytes: bytes, maximum: limit, binaryMaximum: binary)
  }

  /// Returns a length with as many digits as are needed to distinguish it from the limit.
  static func exact(_ seconds: Double, near limit: Double) -> String {
    let short = describe(seconds: seconds)
    return short == describe(seconds: limit) && seconds != limit ? fixed(seconds, decimals: 6) + " s" : short
  }
}
