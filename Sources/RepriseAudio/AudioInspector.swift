public import RepriseSystem

extension Inspection {
  /// How much of a file is looked at.
  public enum Depth: String, Sendable, Codable, CaseIterable, Comparable {
    /// The structure: headers, chunks and every frame's place. Milliseconds for a file of minutes.
    case structure
    /// Every sample as well: damage inside, silence and clipping.
    case samples
    /// The loudness by EBU R 128 as well.
    case loudness

    /// How many depths are less deep.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// The depth of a rank; `nil` where there is none.
    package init?(rank: Int) {
      guard Self.allCases.indices.contains(rank) else { return nil }
      self = Self.allCases[rank]
    }

    /// Returns `true` if the first looks at less than the second.
    public static func < (one: Depth, other: Depth) -> Bool { one.rank < other.rank }
  }

  /// The file that was inspected.
  public var file: FilePath { FilePath(path) }
}

/// Tells what an audio file is, how long it really is, and whether a service takes it.
public struct AudioInspector: Sendable {
  /// What the service accepts.
  public var limits: AudioLimits

  /// Creates an inspector.
  ///
  /// - Parameter limits: What the service accepts; 6–360 s and 50,000,000 bytes unless said otherwise.
  public init(limits: AudioLimits = AudioLimits()) { self.limits = limits }

  /// Inspects a file. A file that can't be read or is no audio is a finding, not an error; so is a cancelled task.
  ///
  /// - Parameters:
  ///   - file: The file; its content decides what it is, not its name.
  ///   - depth: How much of it is looked at.
  /// - Returns: What was found.
  public func inspect(_ file: FilePath, depth: Inspection.Depth = .structure) async -> Inspection {
    await RepriseAudio.inspect(
      path: file.text, limits: limits, deep: depth != .structure, loudness: depth == .loudness)
  }
}
