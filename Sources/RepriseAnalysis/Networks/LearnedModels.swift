import RepriseSystem
import Synchronization

/// The learned models that an analysis may use, each of them optional.
package struct LearnedModels: Sendable {
  /// A model that others have trained.
  package enum Name: String, Sendable, CaseIterable {
    /// Chords: CREMA 0.2.0 (McFee and Bello, ISMIR 2017), ISC licence.
    case chords = "crema"
    /// Onsets and beats: BeatNet 1.1.3 (Heydari, Cwitkowitz and Duan, ISMIR 2021), CC BY 4.0.
    case beats = "beatnet"
    /// Notes: basic-pitch 0.4.0 (Bittner et al., ICASSP 2022), Apache-2.0.
    case notes = "basic-pitch"

    /// Name of the file of weights.
    package var fileName: String { rawValue + ".weights" }
  }

  /// The environment variable that names the directory of the models; empty for none.
  package static let variable = "REPRISE_MODELS"

  /// The models whose files are missing.
  package let missing: [Name]
  /// The errors of those models whose files are there and cannot be used: `FileError` or `WeightFault`.
  package let faults: [Name: any Error]

  /// The model of chords; `nil` if it is missing or cannot be used.
  package let chords: ChordNetwork?
  /// The model of beats; `nil` if it is missing or cannot be used.
  package let beats: BeatNetwork?
  /// The model of notes; `nil` if it is missing or cannot be used.
  package let notes: NoteNetwork?

  /// No models: the analysis rests on signal processing alone.
  package static let none = LearnedModels()

  private init() {
    missing = Name.allCases
    faults = [:]
    (chords, beats, notes) = (nil, nil, nil)
  }

  /// Reads the models of a directory.
  ///
  /// - Parameter directory: Path of the directory, which need not exist.
  package init(in directory: String) { self.init(at: Self.paths(in: [directory])) }

  // A model is read whole here, so that what is wrong with its file is known before any recording is heard.
  private init(at paths: [Name: String]) {
    var missing: [Name] = []
    var faults: [Name: any Error] = [:]
    func network<Network>(_ name: Name, _ make: (WeightFile) throws(WeightError) -> Network) -> Network? {
      guard let path = paths[name] else {
        missing.append(name)
        return nil
      }
      do {
        return try make(WeightFile(path))
      } catch let error as WeightError {
        faults[name] = WeightFault(path: path, error: error)
      } catch {
        faults[name] = error
      }
      return nil
    }
    chords = network(.chords, ChordNetwork.init)
    beats = network(.beats, BeatNetwork.init)
    notes = network(.notes, NoteNetwork.init)
    self.missing = missing
    self.faults = faults
  }

  /// Returns the installed models: each from the directory that `REPRISE_MODELS` names, else from the first of the
  /// share directories that has its file.
  ///
  /// The process reads them once, and again only after one of the files was replaced or could not be read.
  ///
  /// - Parameters:
  ///   - program: Absolute path of the running program; `nil` if unknown.
  ///   - environment: The environment variables.
  /// - Returns: The models.
  package static func installed(
    program: String? = Executable.own, environment: [String: String] = Environment.current
  ) -> LearnedModels {
    let directories: [String]
    switch environment[variable] {
    case "": return .none
    case let named?: directories = [named]
    case nil: directories = Directories.shared(program: program, environment).map { $0 + "/models" }
    }
    let paths = paths(in: directories)
    let files = paths.mapValues { File(path: $0, status: try? FileStatus(at: $0)) }
    return last.withLock { last in
      if let last, last.files == files { return last.models }
      let models = LearnedModels(at: paths)
      last = models.faults.values.allSatisfy { $0 is WeightFault } ? (files, models) : nil
      return models
    }
  }

  // A file of weights at the time when it was found.
  private struct File: Equatable {
    let path: String
    let status: FileStatus?
  }

  // What `installed` returned last.
  private static let last = Mutex<(files: [Name: File], models: LearnedModels)?>(nil)

  // The first file of each model in directories.
  private static func paths(in directories: [String]) -> [Name: String] {
    var paths: [Name: String] = [:]
    for name in Name.allCases {
      paths[name] = directories.lazy.map { PathText.absolute(name.fileName, in: $0) }
        .first { FileKind(at: $0) != .nothing }
    }
    return paths
  }
}
