/// Text for pauses before a retry.
package enum PauseText {
  /// Returns the time until a retry: `at once` below 0.5 s, in tenths of a second below 10 s, otherwise in whole
  /// seconds.
  package static func untilNext(_ pause: Duration) -> String {
    let (seconds, attoseconds) = pause.components
    let tenths = Int(((Double(seconds) + Double(attoseconds) / 1e18) * 10).rounded())
    if tenths < 5 { return "at once" }
    if tenths < 100, tenths % 10 != 0 { return "in \(tenths / 10).\(tenths % 10) s" }
    return "in \((tenths + 5) / 10) s"
  }
}
