package import RepriseSystem

/// A form in which an analysis is handed to other programs.
package enum ExportFormat: String, Sendable, CaseIterable {
  case chordPro
  case midi
  case labels
  case musicXML
  case abc
  case svg
  case png

  /// A file of an export.
  package struct File: Sendable, Equatable {
    /// What is added to the name of the recording, such as `.mid` or `.chords.lab`.
    package let suffix: String
    /// The content.
    package let bytes: [UInt8]
  }

  /// What the names of the files end with, in the order of `files(of:title:waveform:)`.
  package var suffixes: [String] {
    switch self {
    case .chordPro: [".cho"]
    case .midi: [".mid"]
    case .labels: [".beats.lab", ".chords.lab", ".keys.lab", ".sections.lab"]
    case .musicXML: [".musicxml"]
    case .abc: [".abc"]
    case .svg: [".svg"]
    case .png: [".png"]
    }
  }

  /// `true` if the files are compressed, for which zlib is needed.
  package var isCompressed: Bool { self == .png }

  /// `true` if the files contain a picture of the waveform.
  package var showsWaveform: Bool { self == .svg || self == .png }

  /// Returns the files of an analysis.
  ///
  /// - Parameters:
  ///   - analysis: The analysis.
  ///   - title: The title of the piece.
  ///   - waveform: The outline of the recording, for pictures.
  /// - Returns: The files, one for each of `suffixes`.
  /// - Throws: `CompressionError` if a file is to be compressed, and zlib is missing or has no memory.
  package func files(
    of analysis: Analysis, title: String, waveform: Waveform = .empty
  ) throws(CompressionError) -> [File] {
    try zip(suffixes, contents(analysis, title, waveform)).map { File(suffix: $0, bytes: $1) }
  }

  private func contents(
    _ analysis: Analysis, _ title: String, _ waveform: Waveform
  ) throws(CompressionError) -> [[UInt8]] {
    switch self {
    case .chordPro: [Array(ChordPro(LeadSheet(analysis), title: title, seconds: analysis.seconds).text.utf8)]
    case .midi: [MIDIFile(analysis, title: title).bytes]
    case .labels:
      [LabelFiles.beats, LabelFiles.chords, LabelFiles.keys, LabelFiles.sections].map { Array($0(analysis).utf8) }
    case .musicXML: [Array(MusicXML(LeadSheet(analysis), title: title).text.utf8)]
    case .abc: [Array(ABCNotation(LeadSheet(analysis)).text.utf8)]
    case .svg: [Array(SVG(Timeline(analysis, title: title, waveform: waveform)).text.utf8)]
    case .png: [try PNG(Timeline(analysis, title: title, waveform: waveform)).bytes]
    }
  }
}
