package import RepriseAudio
import Foundation
import RepriseSystem

/// A finding about a file as text: the fact and advice.
package protocol DescribedFinding {
  /// Fact of the finding.
  var fact: Phrase { get }

  /// Returns advice on the finding, or its meaning.
  ///
  /// - Parameter path: The path of the file, for advice that names it.
  /// - Returns: The advice; `nil` if there is none.
  func advice(path: String) -> String?
}

extension DescribedFinding {
  /// Returns fact and advice, without a subject.
  package func sentence(path: String) -> String { joined(fact.text, path) }

  /// Returns fact and advice, with a subject in front where required.
  package func sentence(path: String, subject: String) -> String { joined(fact.text(of: subject), path) }

  private func joined(_ fact: String, _ path: String) -> String {
    advice(path: path).map { "\(fact); \($0)" } ?? fact
  }
}

extension Finding: DescribedFinding {
  package var fact: Phrase {
    switch self {
    case .tooShort(let seconds, let minimum):
      .predicate(
        "is \(Self.exact(seconds, near: minimum)) long, under the service's minimum of \(describe(seconds: minimum))")
    case .tooLong(let seconds, let maximum):
      .predicate(
        "is \(Self.exact(seconds, near: maximum)) long, over the service's maximum of \(describe(seconds: maximum))")
    case .tooLarge(let bytes, let maximum): .clause(Self.sizes(bytes, maximum))
    case .formatNotAccepted(let format, let accepted):
      .predicate(
        "is \(format), and the service takes \(accepted.map(\.rawValue).joined(separator: ", "))")
    case .headerLies(let declared, let actual, .declared):
      .clause(
        "its header claims \(describe(seconds: declared)); by its size, as far as it was read, it is "
          + describe(seconds: actual))
    case .headerLies(let declared, let actual, let basis):
      .clause(
        "its header claims \(describe(seconds: declared)); \(describe(seconds: actual)) are there (\(basis.rawValue))")
    case .lengthRisk(let seconds, let limit, let reported): .clause(Self.risk(seconds, limit, reported))
    case .sizeRisk(let bytes, let maximum, _):
      .clause(
        "\(bytes) bytes are over the limit of \(maximum / 1_000_000) MB read as \(maximum) bytes, as is done here")
    case .notPortable(let portability): .clause(portability.phrase)
    case .immeasurable: .predicate("holds no audio that could be measured")
    case .silent: .predicate("is silent: no sample is louder than -80 dBFS")
    case .quiet(let peak): .predicate("is quiet: its peak is \(describe(level: peak))")
    case .clipped(let share, let runs):
      .clause(
        String(
          format: "%.1f %% of its samples stand in runs at %@%@", share * 100,
          runs?.level.map { "its ceiling of \(describe(level: $0))" } ?? "full scale", runs.map(Self.positions) ?? ""))
    case .overFullScale(let peak):
      .clause("its peaks reach \(describe(level: peak)), which floats hold: headroom, not clipped")
    case .silentChannels(let channels, let count):
      .clause(
        "\(channels.count == 1 ? "channel" : "channels") \(channels.map(String.init).joined(separator: ", ")) of "
          + "\(count) \(channels.count == 1 ? "is" : "are") silent")
    case .identicalChannels(let one, let other): .clause("channels \(one) and \(other) have the same samples")
    case .invertedChannels(let one, let other, let loss):
      .clause(
        "channel \(other) is channel \(one) inverted"
          + (loss.map { String(format: ", or almost so: their mean is %.1f dB under them", $0) } ?? ""))
    case .offCentre(let channels): .clause("DC offset: " + channels.map(Self.offset).joined(separator: ", "))
    case .frameCount(let counted, let decoded):
      .clause("\(counted) frames were counted and \(decoded) decoded")
    case .lineEnds(let count, let isExpanded):
      .clause(
        isExpanded
          ? "each of its \(count) line feeds (0A) has a carriage return (0D) in front: it was transferred as text, which "
            + "put a byte into the audio at each of them"
          : "none of its \(count) line feeds (0A) has a carriage return (0D) in front: it was transferred as text, which "
            + "took bytes out of the audio")
    case .skimmedNoFrames, .skimmedChange, .skimmedStreamText, .skimmedLength, .skimmedEstimate, .skimmedEnd,
      .skimmedRest, .skimmedTooLittle, .skimmedUndecoded:
      .clause(SkimText.fact(self))
    case .failed(let error): error.problem.fact
    case .wave(let finding): finding.fact
    case .flac(let finding): finding.fact
    case .mp3(let finding): finding.fact
    case .container(let finding): finding.fact
    }
  }

  package func advice(path: String) -> String? {
    switch self {
    case .tooShort: "use a longer recording"
    case .tooLong: "'reprise prepare' cuts it, --start and --end say where"
    case .tooLarge: "try 'reprise prepare', which takes the least change that fits"
    case .formatNotAccepted: "'reprise prepare' converts it"
    case .sizeRisk(_, let maximum, let binary):
      "read as \(maximum / 1_000_000) MiB (\(binary) bytes) it would be taken"
    case .notPortable: "'reprise prepare' writes a file that all decoders read alike"
    case .silent: "record it again"
    case .quiet: "'reprise prepare --gain auto' raises it"
    case .overFullScale: "'reprise prepare --gain auto' lowers them to -1 dBTP"
    case .silentChannels: "'reprise prepare --channels mono' leaves silent channels out"
    case .identicalChannels: "'reprise prepare --channels mono' keeps one of them, without loss"
    case .invertedChannels: "mixed to mono they cancel each other out; take one with --channels"
    case .clipped: "it was recorded or mastered too loud"
    case .offCentre: "cuts will click, and headroom is lost"
    case .headerLies, .lengthRisk, .immeasurable, .frameCount: nil
    case .lineEnds: "get it again, transferred as a binary file"
    case .skimmedNoFrames, .skimmedChange, .skimmedStreamText, .skimmedLength, .skimmedEstimate, .skimmedEnd,
      .skimmedRest, .skimmedTooLittle, .skimmedUndecoded:
      SkimText.advice
    case .failed(let error): error.problem.advice(path: path)
    case .wave(let finding): finding.advice(path: path)
    case .flac(let finding): finding.advice(path: path)
    case .mp3(let finding): finding.advice(path: path)
    case .container(let finding): finding.advice(path: path)
    }
  }

  /// Returns a length with as many digits as needed to distinguish it from the limit.
  private static func exact(_ seconds: Double, near limit: Double) -> String {
    let short = describe(seconds: seconds)
    return short == describe(seconds: limit) && seconds != limit ? String(format: "%.6f s", seconds) : short
  }

  private static func sizes(_ bytes: Int, _ limit: Int) -> String {
    let (size, most) = (describe(bytes: bytes), describe(bytes: limit))
    return size == most
      ? "\(bytes) bytes are over the service's \(limit)" : "\(size) is over the service's \(most)"
  }

  private static func positions(_ runs: ClippedRuns) -> String {
    let length = String(format: "%.1f ms", (runs.longest.end - runs.longest.start) * 1000)
    return
      ", \(runs.count) of them, the first at \(describe(seconds: runs.first.start)), the longest of \(length) at "
      + describe(seconds: runs.longest.start)
  }

  private static func offset(_ channel: ChannelOffset) -> String {
    String(
      format: "channel %d by %+.1f %% of full scale (%.1f dBFS)", channel.channel, channel.mean * 100,
      20 * log10(abs(channel.mean)))
  }

  private static func risk(_ seconds: Double, _ limit: Double, _ reported: [ReportedDuration]) -> String {
    let seen = reported.map { "\(phrase($0.reporter)) see \(exact($0.seconds, near: limit))" }
    return
      "it is \(exact(seconds, near: limit)), but \(seen.joined(separator: "; ")): on the other side of the limit of "
      + describe(seconds: limit)
  }

  private static func phrase(_ reporter: ReportedDuration.Reporter) -> String {
    switch reporter {
    case .header: "tools that believe its header"
    case .untrimmed: "tools that take no notice of encoder delay and padding"
    case .headerFrame: "tools that also play its header's own frame"
    case .claimedFrames: "tools that multiply the frames its header claims (ffprobe)"
    case .bitRate: "tools that divide its bytes by the first frame's bit rate (mutagen)"
    case .bitRateWithTags: "tools that divide all its bytes by the first frame's (libsndfile)"
    }
  }
}

extension Inspection {
  /// Reasons as sentences, each with fact and advice; empty if there are none.
  package var reasonsText: String { Self.text(reasons, path: path) }

  /// Facts of the reasons, separated by semicolons; empty if there are none.
  package var factsText: String { reasons.map(\.finding.fact.text).joined(separator: "; ") }

  /// Returns reasons as sentences, each with fact and advice.
  package static func text(_ reasons: [Reason], path: String) -> String { text(reasons.map(\.finding), path: path) }

  /// Returns the reasons for which a file cannot be prepared as sentences: without those that a preparation would mend, and
  /// without remarks, unless there are no others.
  package static func rejectionText(_ reasons: [Reason], path: String) -> String {
    let others: [Reason.Code] = [.tooLong, .tooLarge, .headerLies, .boundaryRisk, .clipped]
    let fatal = reasons.filter { !others.contains($0.code) }
    // Several files in one are no property that a preparation would mend.
    let worst = fatal.filter { $0.code != .notPortable }
    return text([worst, fatal, reasons].first { !$0.isEmpty } ?? [], path: path)
  }

  /// Returns findings as sentences, each with fact and advice.
  package static func text(_ findings: [Finding], path: String) -> String {
    findings.map { $0.sentence(path: path) }.joined(separator: "; ")
  }
}

/// Parts of sentences shared by several findings.
enum FindingPieces {
  /// Returns text such as "1 byte behind the samples is …" or "2 bytes behind the samples are …".
  static func bytes(_ count: Int, _ position: String, _ what: String) -> String {
    "\(counted(count, "byte")) \(position) \(count == 1 ? "is" : "are") \(what)"
  }

  /// Returns the first elements of a list, and the number of the remaining ones.
  static func listing<Element>(_ list: FirstOf<Element>, _ text: (Element) -> String) -> String {
    let more = list.count - list.first.count
    return list.first.map(text).joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// Returns text about several files in one, with the times of each.
  static func several(_ kind: String, _ parts: FirstOf<Inspection.TimeSpan>) -> String {
    let times = listing(parts) { part in
      "\(describe(seconds: part.end - part.start)) from \(describe(seconds: part.start))"
    }
    return "it contains \(parts.count) \(kind) files, one after the other (\(times)), which no decoder plays as such"
  }

  static let severalAdvice =
    "'reprise prepare' joins them where all of them are whole; --start and --end take a part of it"

  static let undamagedCopy = "get an undamaged copy"
  static let completeCopy = "get a complete copy"

  /// Returns advice on an MP3 file that plays in parts.
  static func listen(_ path: String) -> String {
    "get an undamaged copy, or listen to what is left: \(ConversionAdvice.conversion(of: path))"
  }
}
