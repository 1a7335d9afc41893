import RepriseAudio
import Foundation
import RepriseJobs
import RepriseSystem

/// The recordings named by arguments of `cover`; a directory stands for the recordings in it, at any depth.
struct CoverInputs: Sendable {
  /// Paths of the recordings, those of a directory in the order of their bytes.
  private(set) var files: [String] = []
  /// Number of files in directories that are not audio.
  private(set) var others = 0
  /// Number of files in directories that are earlier covers.
  private(set) var covers = 0
  /// `true` if directories could not be read; each of them has been reported.
  private(set) var hadFailures = false

  private enum Content { case recording, cover, other }

  /// Searches the directories among the arguments.
  ///
  /// Files that are audio neither by content nor by name are left out, and so are earlier covers, which a user who
  /// names their directory does not mean.
  ///
  /// - Parameters:
  ///   - arguments: The arguments.
  ///   - known: The covers made earlier.
  /// - Throws: `CancellationError`.
  init(_ arguments: [String], known: KnownCovers) async throws {
    var seen: Set<String> = []
    for argument in arguments {
      guard FileKind(at: argument) == .directory else {
        files.append(argument)
        seen.insert(CoverOrder.absolute(argument))
        continue
      }
      let (paths, failed) = try InputPaths.expanding([argument])
      hadFailures = hadFailures || failed
      var audio: [String] = []
      let width = ProcessInfo.processInfo.activeProcessorCount
      try await InOrder.each(of: paths, width: width) { path in
        if (try? await known.contains(path)) == true { return (path, Content.cover) }
        return (path, await Self.isAudio(path) ? .recording : .other)
      } then: { (path, content) in
        switch content {
        case .recording: audio.append(path)
        case .cover: covers += 1
        case .other: others += 1
        }
      }
      files += audio.filter { seen.insert(CoverOrder.absolute($0)).inserted }
    }
  }

  private static func isAudio(_ path: String) async -> Bool {
    if AudioFileName.isAudio(path) { return true }
    // The first bytes determine the kind of file; the length is irrelevant here.
    switch await inspect(path: path, limits: AudioLimits()).failure?.code {
    case .missing, .isDirectory, .notRegular, .notPermitted, .io, .diskFull, .cancelled, .empty, .notAudio: return false
    case .unsupportedFormat, .corrupt, .truncated, nil: return true
    }
  }

  /// Sentence on the files left out; `nil` if there are none.
  var leftOut: String? {
    var parts: [String] = []
    if others > 0 { parts.append("\(others) \(others == 1 ? "file that is" : "files that are") not audio") }
    if covers > 0 { parts.append("\(covers) \(covers == 1 ? "cover" : "covers") made before") }
    guard !parts.isEmpty else { return nil }
    return "left out: " + parts.joined(separator: ", ")
  }
}
