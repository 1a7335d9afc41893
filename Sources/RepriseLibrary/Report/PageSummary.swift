import RepriseAudio
import RepriseSystem

/// The values that fill the template; the fields have the template's names.
struct PageSummary {
  /// A verdict's card and button.
  struct VerdictCard {
    let name, sign, count, share, meaning: String
  }

  /// The card and the button of a property that files of any verdict may have.
  struct TraitCard {
    /// The property's identifier in report.js.
    let id: String
    /// The texts on the card, of its explanation, and on the button.
    let name, remark, short: String
    let count: String
    let isNone: Bool
  }

  /// Number of files with a reason.
  struct CodeCount {
    let code, count: String
  }

  let title = "Audio library report"
  let roots: [String]
  let described: String
  let verdicts: [VerdictCard]
  let traits: [TraitCard]
  let hasTraits: Bool
  let codes: [CodeCount]
  let hasCodes: Bool
  let charts: [HistogramChart]

  /// Creates the texts and charts of the totals.
  init(_ totals: ReportTotals, report: HTMLReport) {
    roots = report.roots.map { VisibleText.name($0.bytes) }
    described = Self.description(of: totals, remarkOnStructure: report.remarkOnStructure)
    let meanings = [("✓", "can be sent as they are"), ("◐", "fit once prepared"), ("✕", "can't be made to fit")]
    verdicts = zip(zip(ReportTotals.verdictNames, totals.counts), meanings).map { verdict, meanings in
      VerdictCard(
        name: verdict.0, sign: meanings.0, count: grouped(verdict.1), share: Self.share(verdict.1, of: totals.files),
        meaning: meanings.1)
    }
    traits = Self.traits(of: totals)
    hasTraits = traits.contains { !$0.isNone }
    codes = totals.codes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { CodeCount(code: $0.key, count: grouped($0.value)) }
    hasCodes = !codes.isEmpty
    let limits = report.limits
    charts = [
      HistogramChart(
        totals.lengths, id: "lengths", title: "Length", unit: "Length", unknown: "without a length",
        limits: [(limits.minimumSeconds, "shortest"), (limits.maximumSeconds, "longest")], label: Self.time),
      HistogramChart(
        totals.sizes, id: "sizes", title: "Size", unit: "Size", unknown: "of unknown size",
        limits: [(Double(limits.maximumBytes), "largest")], label: Self.size),
      HistogramChart(
        totals.loudness, id: "loudness", title: "Loudness (LUFS)", unit: "Loudness", unknown: "not measured",
        limits: [],
        label: { fixed($0, decimals: 1).replacing(".0", with: "").replacing("-", with: "−") }),
    ]
  }

  private static func traits(of totals: ReportTotals) -> [TraitCard] {
    func card(_ id: String, _ name: String, short: String, remark: String = "", count: Int) -> TraitCard {
      TraitCard(id: id, name: name, remark: remark, short: short, count: grouped(count), isNone: count == 0)
    }
    func recordings(_ count: GroupCount) -> String {
      counted(count.groups, "recording", as: grouped)
    }
    return [
      card("damage", "with damage at a known place", short: "damaged", count: totals.damaged),
      totals.same.map {
        card("same", "same audio as another file", short: "same audio", remark: recordings($0), count: $0.files)
      },
      totals.near.map {
        card(
          "near", "nearly the same", short: "nearly the same",
          remark: recordings($0) + "; exact copies count once", count: $0.files)
      },
    ].compactMap { $0 }
  }

  private static func description(of totals: ReportTotals, remarkOnStructure: String) -> String {
    let minutes = Int(min(totals.seconds, 1e15) / 60)
    let length = minutes < 60 ? "\(minutes) min" : "\(grouped(minutes / 60)) h \(minutes % 60) min"
    let depth =
      totals.skimmed > 0
      ? "\(totals.skimmed == totals.files ? "skimmed" : "\(grouped(totals.skimmed)) of them skimmed"): both ends and a "
        + "few probes were read, so that damage elsewhere is not known"
      : totals.decoded == 0
        ? remarkOnStructure
        : totals.decoded == totals.files ? "every sample decoded" : "\(grouped(totals.decoded)) of them decoded in full"
    return "\(counted(totals.files, "file", as: grouped)) · \(total(totals.bytes)) · \(length) of audio · \(depth)"
  }

  private static func total(_ bytes: Int) -> String {
    bytes < 1_000_000_000 ? describe(bytes: bytes) : fixed(Double(bytes) / 1e9, decimals: 1) + " GB"
  }

  private static func share(_ count: Int, of all: Int) -> String {
    guard all > 0, count > 0 else { return "none" }
    let share = 100 * Double(count) / Double(all)
    return share < 0.1 ? "under 0.1 %" : "\(fixed(share, decimals: 1)) %"
  }

  /// Returns the label of an edge of the histogram of lengths: "3 s", "1.5 min", "2 h".
  static func time(_ seconds: Double) -> String {
    if seconds >= 3600 { return short(seconds / 3600) + " h" }
    return seconds >= 60 ? short(seconds / 60) + " min" : short(seconds) + " s"
  }

  /// Returns the label of an edge of the histogram of sizes: "300 kB", "50 MB".
  static func size(_ bytes: Double) -> String {
    if bytes >= 1e9 { return short(bytes / 1e9) + " GB" }
    return bytes >= 1e6 ? short(bytes / 1e6) + " MB" : short(bytes / 1e3) + " kB"
  }

  private static func short(_ number: Double) -> String {
    var text = fixed(number, decimals: 2)
    while text.hasSuffix("0") { text.removeLast() }
    if text.hasSuffix(".") { text.removeLast() }
    return text
  }
}
