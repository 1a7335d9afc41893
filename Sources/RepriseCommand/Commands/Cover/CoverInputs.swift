import RepriseAudio
import Foundation
import RepriseJobs
import RepriseSystem

/// The recordings that arguments of `cover` name; a directory stands for those in it, at any depth.
struct CoverInputs: Sendable {
  /// The recordings, those of a directory in the order of their paths' bytes.
  private(set) var files: [String] = []
  /// Files in directories that are no audio.
  private(set) var others = 0
  /// Files in directories that are covers made before.
  private(set) var covers = 0
  /// Whether directories could not be read; each of those was said.
  private(set) var hadFailures = false

  private enum Content { case recording, cover, other }

  private static let audioNames: Set<String> = [
    "mp3", "wav", "wave", "flac", "aif", "aiff", "aifc", "m4a", "aac", "ogg", "oga", "opus", "wma", "caf", "ape", "wv",
    "w64", "rf64", "bwf", "mp2", "mpga", "amr", "au", "snd", "dsf", "dff", "mka", "tta", "mpc",
  ]

  /// Looks into the directories among the arguments.
  ///
  /// What is neither audio by its content nor by its name is left out, and so are covers that were made before: nobody
  /// means those who names the directory in which they are.
  /// - Parameter known: the covers that were made before.
  /// - Throws: `CommandError` for `-`, `CancellationError`.
  init(_ arguments: [String], known: KnownCovers) async throws {
    var seen: Set<String> = []
    for argument in arguments {
      guard FileKind(at: argument) == .folder else {
        try InputPaths.checkNotStdin(argument)
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
    let name = PathText.name(of: path)
    if let dot = name.lastIndex(of: "."), audioNames.contains(name[name.index(after: dot)...].lowercased()) {
      return true
    }
    // What it is shows in its first bytes; how long it is does not matter here.
    switch await inspect(path: path, limits: AudioLimits()).failure?.code {
    case .missing, .isFolder, .notRegular, .notPermitted, .io, .diskFull, .cancelled, .empty, .notAudio: return false
    case .unsupportedFormat, .corrupt, .truncated, nil: return true
    }
  }

  /// What was left out, in a sentence; nil where nothing was.
  var leftOut: String? {
    var parts: [String] = []
    if others > 0 { parts.append("\(others) \(others == 1 ? "file that is" : "files that are") no audio") }
    if covers > 0 { parts.append("\(covers) \(covers == 1 ? "cover" : "covers") made before") }
    guard !parts.isEmpty else { return nil }
    return "left out: " + parts.joined(separator: ", ")
  }
}
