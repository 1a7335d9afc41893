import ArgumentParser

/// A position in a recording, given as seconds (`83.5`) or as `m:ss.sss` or `h:mm:ss.sss`.
struct TimeText: ExpressibleByArgument, Equatable {
  /// Seconds from the start, at least 0.
  let seconds: Double

  init?(argument: String) {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    guard (1...3).contains(parts.count) else { return nil }
    var total = 0.0
    for (index, part) in parts.enumerated() {
      // Double() would also accept "nan", "inf", "0x1p3" and a sign.
      guard !part.isEmpty, part.allSatisfy({ ("0"..."9").contains($0) || $0 == "." }), let value = Double(part) else {
        return nil
      }
      let isLast = index == parts.count - 1
      if !isLast && part.contains(".") { return nil }
      if index > 0 && value >= 60 { return nil }
      total = total * 60 + value
    }
    guard total.isFinite else { return nil }
    seconds = total
  }

  /// Returns text such as `1:23`, or `1:02:03` from one hour on.
  static func clock(_ duration: Duration) -> String {
    let seconds = max(0, Int(duration.components.seconds))
    let second = String(seconds % 60 + 100).dropFirst()
    if seconds < 3600 { return "\(seconds / 60):\(second)" }
    return "\(seconds / 3600):\(String(seconds / 60 % 60 + 100).dropFirst()):\(second)"
  }

  /// Returns text such as `1:23.500`, or `1:02:03.500` from one hour on.
  static func text(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "?" }
    let milliseconds = Int((seconds * 1000).rounded())
    let (whole, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let fraction = String(rest + 1000).dropFirst()
    let second = String(whole % 60 + 100).dropFirst()
    if whole < 3600 { return "\(whole / 60):\(second).\(fraction)" }
    let minute = String(whole / 60 % 60 + 100).dropFirst()
    return "\(whole / 3600):\(minute):\(second).\(fraction)"
  }
}
