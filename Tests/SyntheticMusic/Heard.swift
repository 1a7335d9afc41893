package import RepriseAnalysis
import RepriseAudio
import Synchronization

/// Material that is analysed once in a process, however many tests ask what is heard in it.
private enum Material: Hashable {
  case song(SyntheticSong)
  case odd(OddSignal)

  /// Its samples.
  var audio: AudioBuffer {
    switch self {
    case .song(let song): song.audio
    case .odd(let signal): signal.audio
    }
  }
}

private let analyses = Mutex<[Material: Task<Analysis, any Error>]>([:])

/// The analysis of material, made by who asks first.
private func heard(in material: Material) async throws -> Analysis {
  let task = analyses.withLock { analyses in
    if let task = analyses[material] { return task }
    let task = Task { try await Analyzer().analyze(material.audio) }
    analyses[material] = task
    return task
  }
  return try await task.value
}

extension SyntheticSong {
  /// What the analyzer hears in the song; it is the same for all who ask, and made once.
  ///
  /// - Throws: what the analyzer throws.
  package func heard() async throws -> Analysis { try await SyntheticMusic.heard(in: .song(self)) }
}

extension OddSignal {
  /// What the analyzer hears in the signal; it is the same for all who ask, and made once.
  ///
  /// - Throws: what the analyzer throws.
  package func heard() async throws -> Analysis { try await SyntheticMusic.heard(in: .odd(self)) }
}
