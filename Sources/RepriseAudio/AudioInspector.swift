public import RepriseSystem

extension Inspection {
  /// The depths of an inspection.
  public enum Depth: String, Sendable, Codable, CaseIterable, Comparable {
    /// Both ends and a few probes, at most 160 kB: the length that a header or the size of the file claims; damage is
    /// not sought.
    case skim
    /// The structure: headers, chunks and the position of every frame; takes milliseconds for a file of minutes.
    case structure
    /// The structure and every sample: damage inside, silence and clipping.
    case samples
    /// All of `samples`, and the loudness by EBU R 128.
    case loudness

    /// Number of depths that are less deep.
    package var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Creates the depth of a rank; `nil` if there is none.
    package init?(rank: Int) {
      guard Self.allCases.indices.contains(rank) else { return nil }
      self = Self.allCases[rank]
    }

    /// Returns `true` if `one` examines less than `other`.
    public static func < (one: Depth, other: Depth) -> Bool { one.rank < other.rank }
  }

  /// File that was inspected.
  public var file: FilePath { FilePath(path) }
}

/// An inspector that determines the format and the true duration of an audio file, and whether a service accepts it.
public struct AudioInspector: Sendable {
  /// Limits of the service.
  package var limits: AudioLimits

  /// Creates an inspector.
  ///
  /// - Parameter limits: The limits of the service; by default 6–360 s and 50,000,000 bytes.
  public init(limits: AudioLimits = AudioLimits()) { self.limits = limits }

  /// Inspects a file.
  ///
  /// A file that cannot be read or is not audio is a finding, not an error, and so is a cancelled task.
  ///
  /// - Parameters:
  ///   - file: The file; its format is determined by its content, not by its name.
  ///   - depth: The depth of the inspection.
  /// - Returns: The findings.
  public func inspect(_ file: FilePath, depth: Inspection.Depth = .structure) async -> Inspection {
    if depth == .skim { return await skim(path: file.text, limits: limits) }
    return await RepriseAudio.inspect(
      path: file.text, limits: limits, deep: depth != .structure, loudness: depth == .loudness)
  }
}
