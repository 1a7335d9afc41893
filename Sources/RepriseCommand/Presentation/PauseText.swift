/// Pauses before something is tried again, in words.
public enum PauseText {
  /// When something is tried again: `at once` below half a second, in tenths below ten seconds, else in whole ones.
  public static func untilNext(_ pause: Duration) -> String {
    let (seconds, attoseconds) = pause.components
    let tenths = Int(((Double(seconds) + Double(attoseconds) / 1e18) * 10).rounded())
    if tenths < 5 { return "at once" }
    if tenths < 100, tenths % 10 != 0 { return "in \(tenths / 10).\(tenths % 10) s" }
    return "in \((tenths + 5) / 10) s"
  }
}
