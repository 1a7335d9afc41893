import RepriseAudio

/// What a report counts while files go by: all that stands above its table. Its size does not depend on theirs.
struct ReportTotals {
  /// The verdicts in the order in which they are counted.
  static let verdicts: [Inspection.Verdict] = [.ready, .preparable, .rejected]
  /// Their names.
  static let verdictNames = verdicts.map(\.rawValue)

  /// Ready, preparable and rejected files.
  private(set) var counts = [0, 0, 0]
  /// Files by reason.
  private(set) var codes: [String: Int] = [:]
  /// Files with damage at a known place.
  private(set) var damaged = 0
  /// Files all of whose samples were decoded.
  private(set) var decoded = 0
  /// Files with the same audio as another, and nearly the same; nil where that was not looked for.
  var same, near: GroupCount?
  /// All their bytes.
  private(set) var bytes = 0
  /// All their audio, in seconds.
  private(set) var seconds = 0.0
  /// Files by length in seconds.
  private(set) var lengths: Histogram
  /// Files by size in bytes.
  private(set) var sizes: Histogram
  /// Files by loudness in LUFS.
  private(set) var loudness: Histogram

  /// Nothing counted so far.
  init(limits: AudioLimits) {
    lengths = Histogram(
      edges: [0.1, 0.3, 1, 3, 6, 10, 20, 30, 60, 90, 120, 180, 240, 300, 360, 480, 600, 1200, 1800, 3600, 7200],
      limits: [limits.minimumSeconds, limits.maximumSeconds])
    sizes = Histogram(
      edges: [1e3, 1e4, 3e4, 1e5, 3e5, 1e6, 2e6, 3e6, 5e6, 7e6, 1e7, 2e7, 3e7, 5e7, 1e8, 2e8, 5e8, 1e9, 2e9],
      limits: [Double(limits.maximumBytes)])
    loudness = Histogram(edges: [-60, -50, -40] + stride(from: -36.0, through: 0, by: 2))
  }

  /// How many files there were.
  var files: Int { counts.reduce(0, +) }

  /// Counts a file.
  mutating func add(_ facts: ScannedFacts) {
    let verdict = Self.index(of: facts.verdict)
    counts[verdict] += 1
    for code in Set(facts.reasons.map(\.code)) { codes[code, default: 0] += 1 }
    if !facts.damage.isEmpty { damaged += 1 }
    if facts.checked == .full { decoded += 1 }
    bytes.addClamped(facts.bytes ?? 0)
    seconds.addClamped(facts.seconds ?? 0)
    lengths.add(facts.seconds, verdict: verdict)
    sizes.add(facts.bytes.map(Double.init), verdict: verdict)
    loudness.add(facts.loudness, verdict: verdict)
  }

  /// A verdict's place in `verdicts`.
  static func index(of verdict: Inspection.Verdict) -> Int {
    switch verdict {
    case .ready: 0
    case .preparable: 1
    case .rejected: 2
    }
  }
}

/// A whole number with commas: 10,000.
func grouped(_ number: Int) -> String {
  let digits = Array(String(number.magnitude))
  var text = number < 0 ? "-" : ""
  for (index, digit) in digits.enumerated() {
    if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
    text.append(digit)
  }
  return text
}
