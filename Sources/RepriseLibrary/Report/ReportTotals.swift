import RepriseAudio

/// The totals that a report counts file by file: the contents of the part above its table.
///
/// Their size in memory does not depend on the number of files.
struct ReportTotals {
  /// The verdicts in the order in which they are counted.
  static let verdicts: [Inspection.Verdict] = [.ready, .preparable, .rejected]
  /// The verdicts' names.
  static let verdictNames = verdicts.map(\.rawValue)

  /// Number of ready, preparable and rejected files.
  private(set) var counts = [0, 0, 0]
  /// Number of files by reason.
  private(set) var codes: [String: Int] = [:]
  /// Number of files with damage at a known position.
  private(set) var damaged = 0
  /// Number of files whose samples were all decoded.
  private(set) var decoded = 0
  /// Number of files that were skimmed.
  private(set) var skimmed = 0
  /// Number of groups and files with the same audio, and with nearly the same; `nil` if those were not searched for.
  var same, near: GroupCount?
  /// The sum of the files' sizes in bytes.
  private(set) var bytes = 0
  /// The sum of the files' lengths in seconds.
  private(set) var seconds = 0.0
  /// Files by length in seconds.
  private(set) var lengths: Histogram
  /// Files by size in bytes.
  private(set) var sizes: Histogram
  /// Files by loudness in LUFS.
  private(set) var loudness: Histogram

  /// Creates totals of no files.
  init(limits: AudioLimits) {
    lengths = Histogram(
      edges: [0.1, 0.3, 1, 3, 6, 10, 20, 30, 60, 90, 120, 180, 240, 300, 360, 480, 600, 1200, 1800, 3600, 7200],
      limits: [limits.minimumSeconds, limits.maximumSeconds])
    sizes = Histogram(
      edges: [1e3, 1e4, 3e4, 1e5, 3e5, 1e6, 2e6, 3e6, 5e6, 7e6, 1e7, 2e7, 3e7, 5e7, 1e8, 2e8, 5e8, 1e9, 2e9],
      limits: [Double(limits.maximumBytes)])
    loudness = Histogram(edges: [-60, -50, -40] + stride(from: -36.0, through: 0, by: 2))
  }

  /// Number of files.
  var files: Int { counts.reduce(0, +) }

  /// Counts a file.
  mutating func add(_ facts: ScannedFacts) {
    let verdict = Self.index(of: facts.verdict)
    counts[verdict] += 1
    for code in Set(facts.reasons.map(\.code)) { codes[code, default: 0] += 1 }
    if !facts.damage.isEmpty { damaged += 1 }
    if facts.checked == .full { decoded += 1 }
    if facts.checked == .skim { skimmed += 1 }
    bytes.addClamped(facts.bytes ?? 0)
    seconds.addClamped(facts.seconds ?? 0)
    lengths.add(facts.seconds, verdict: verdict)
    sizes.add(facts.bytes.map(Double.init), verdict: verdict)
    loudness.add(facts.loudness, verdict: verdict)
  }

  /// Returns a verdict's index in `verdicts`.
  static func index(of verdict: Inspection.Verdict) -> Int {
    switch verdict {
    case .ready: 0
    case .preparable: 1
    case .rejected: 2
    }
  }
}

/// Formats a whole number with commas: 10,000.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}
