import ArgumentParser
import RepriseAnalysis

/// The options of `analyze` for files made of an analysis.
struct ExportOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Write the chords as ChordPro, in a grid for each section.", valueName: "path"))
  var chordpro: String?

  @Option(
    help: ArgumentHelp(
      "Write a MIDI file that runs along with the recording: tempo map, keys, sections, chords, melody.",
      valueName: "path"))
  var midi: String?

  @Option(help: ArgumentHelp("Write a lead sheet as MusicXML 4.0: melody and chord symbols.", valueName: "path"))
  var musicxml: String?

  @Option(
    help: ArgumentHelp(
      "Write a lead sheet as ABC, as models read it that sing from a score (YuE2): voices Vocal and Ins.",
      valueName: "path"))
  var abc: String?

  @Option(
    help: ArgumentHelp(
      "Draw waveform, sections, beats, chords and melody over time, as SVG.", valueName: "path"))
  var svg: String?

  @Option(help: ArgumentHelp("Draw the same as PNG.", valueName: "path"))
  var png: String?

  @Option(
    help: ArgumentHelp(
      "Write beats, chords, keys and sections as label files (NAME.chords.lab): start, end and label, with tabs between.",
      valueName: "dir"))
  var lab: String?

  @Option(help: ArgumentHelp("Write all of these into a directory.", valueName: "dir"))
  var export: String?

  @Flag(help: "Replace outputs that exist.")
  var force = false

  /// A wanted export.
  struct Target: Sendable {
    /// The option as typed.
    let option: String
    /// The path after it.
    let path: String
    let formats: [ExportFormat]
    /// `true` if the path is a directory in any case.
    let isDirectory: Bool

    /// `true` if the export goes to stdout.
    var isStdout: Bool { path == "-" }
  }

  /// The wanted exports.
  var targets: [Target] {
    let files: [(String, String?, ExportFormat)] = [
      ("--chordpro", chordpro, .chordPro), ("--midi", midi, .midi), ("--musicxml", musicxml, .musicXML),
      ("--abc", abc, .abc), ("--svg", svg, .svg), ("--png", png, .png),
    ]
    let directories: [(String, String?, [ExportFormat])] = [
      ("--lab", lab, [.labels]), ("--export", export, ExportFormat.allCases),
    ]
    return files.compactMap { option, path, format in
      path.map { Target(option: option, path: $0, formats: [format], isDirectory: false) }
    }
      + directories.compactMap { option, path, formats in
        path.map { Target(option: option, path: $0, formats: formats, isDirectory: true) }
      }
  }

  func validate() throws {
    for target in targets {
      try OutputGuard.checkNamed(target.path, target.option)
      if target.isStdout, target.isDirectory {
        throw ValidationError("\(target.option) -: several files can't go to stdout; name a directory")
      }
    }
    let piped = targets.filter(\.isStdout).map(\.option)
    if piped.count > 1 { throw ValidationError("\(piped[0]) - and \(piped[1]) -: only one can go to stdout") }
    if force, targets.isEmpty {
      throw ValidationError("--force replaces files, and none is to be written; add --export DIR, or leave it out")
    }
  }
}
