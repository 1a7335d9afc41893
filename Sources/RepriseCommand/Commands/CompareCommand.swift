import ArgumentParser
import Foundation
import RepriseAnalysis
import RepriseAudio
import ReprisePreparation
import RepriseSystem
import RepriseVerification

struct CompareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare recordings: the same piece or not, the key and tempo, the tune, and what is left out.",
    discussion: """
      reprise compare song.mp3 cover.mp3
      reprise compare song.mp3 covers/song-*.mp3 --svg nearest.svg

      Several takes are ranked, the nearest to the reference first.

      Exits with 0 if a take is the same piece as the reference, with 1 if none is.
      """)

  @Argument(help: "The recording to compare with: a file, an http(s) URL, or - for stdin.")
  var reference: String

  @Argument(help: "One or more recordings to be compared with it.")
  var takes: [String]

  @OptionGroup var picture: PictureOptions
  @OptionGroup var fetch: FetchOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if ([reference] + takes).count(where: { $0 == "-" }) > 1 {
      throw ValidationError("-: stdin can be read once only")
    }
  }

  func run() async throws {
    // The exit code says whether a take is the same piece, even if nobody reads the rest.
    Console.outliveReader()
    try await fetch.fetching([reference] + takes, isQuiet: output.quiet) { try await compareAll() }
  }

  private func compareAll() async throws {
    try picture.check(inputs: [reference] + takes, json: output.json)
    ModelsText.say(.installed(), isQuiet: output.quiet)
    let original = try await hear(reference) { try await ComparisonReference(path: $0) }
    var found: [(path: String, likeness: Likeness)] = []
    var worst = ExitStatus.fine
    for path in takes {
      do {
        found.append((path, try await hear(path) { try await original.likeness(of: $0) }))
      } catch {
        try Task.checkCancellation()
        guard let (status, _) = ErrorPresentation.of(error) else { throw error }
        Console.say("reprise: \(ErrorPresentation.sentence(error, about: path))")
        worst = worst.rawValue >= status.rawValue ? worst : status
      }
    }
    // A stable order: equals stay as they were named.
    let ranked = found.enumerated().sorted {
      ($1.element.likeness.nearness, $0.offset) < ($0.element.likeness.nearness, $1.offset)
    }.map(\.element)
    for (index, take) in ranked.enumerated() {
      if output.json {
        try Console.data(
          try Console.json(
            ComparisonRecord(reference: reference, path: take.path, rank: index + 1, likeness: take.likeness)))
      } else if !picture.takesStdout {
        let number = takes.count > 1 ? "\(index + 1). " : ""
        try Console.data(number + Console.printable(take.path))
        for line in LikenessText.lines(.compared(take.likeness)) { try Console.data("  " + line) }
      }
    }
    if let nearest = ranked.first { try picture.write(nearest.likeness, reference: reference, cover: nearest.path) }
    if worst != .fine { throw worst }
    guard ranked.contains(where: { $0.likeness.isSamePiece }) else { throw ExitStatus.rejected }
  }

  /// Checks a recording for damage, which would be heard as if it were music, and hears it.
  private func hear<Result>(_ path: String, _ work: (String) async throws -> Result) async throws -> Result {
    let anyLength = AudioLimits(minimumSeconds: 0, maximumSeconds: .infinity, maximumBytes: .max)
    try UnusableRecording.check(await inspect(path: path, limits: anyLength, deep: true))
    return try await work(path)
  }
}

/// The record `reprise.comparison.v1`: one line of `compare --json`, the nearest take first.
private struct ComparisonRecord: Encodable {
  let schema = "reprise.comparison.v1"
  let reference: String
  let path: String
  let rank: Int
  let likeness: LikenessRecord

  init(reference: String, path: String, rank: Int, likeness: Likeness) {
    self.reference = reference
    self.path = path
    self.rank = rank
    self.likeness = LikenessRecord(likeness)
  }
}
