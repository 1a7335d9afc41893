import Foundation
import RepriseAnalysis
import RepriseSystem
import SyntheticMusic
import TestSupport
import Testing

@Suite("Reading learned models")
struct LearnedModelsTests {
  /// Tensors of zeros as a model wants them, asked of its own errors.
  private static func zeros<Network>(_ make: (WeightFile) throws(WeightError) -> Network) -> [String: WeightFile.Tensor]
  {
    var tensors: [String: WeightFile.Tensor] = [:]
    while true {
      do throws(WeightError) {
        _ = try make(WeightFile(tensors: tensors))
        return tensors
      } catch .missing(let name) {
        tensors[name] = .init(shape: [0], values: [])
      } catch .shape(let name, _, let expected) {
        tensors[name] = .init(shape: expected, values: Array(repeating: 0, count: expected.reduce(1, *)))
      } catch {
        return tensors
      }
    }
  }

  private static let tensors: [LearnedModels.Name: [String: WeightFile.Tensor]] = [
    .chords: zeros(ChordNetwork.init), .beats: zeros(BeatNetwork.init), .notes: zeros(NoteNetwork.init),
  ]

  /// A file of weights in the format that `WeightFile` describes, with every element `bits`.
  private static func file(_ tensors: [String: WeightFile.Tensor], bits: UInt16 = 0) -> [UInt8] {
    func bytes(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(value >> (8 * $0) & 0xFF) } }
    var result = Array("RPWEIGHT".utf8) + bytes(1, 4) + bytes(tensors.count, 4)
    for (name, tensor) in tensors {
      result += bytes(name.utf8.count, 2) + Array(name.utf8) + bytes(tensor.shape.count, 2)
      for size in tensor.shape { result += bytes(size, 4) }
    }
    for tensor in tensors.values { for _ in tensor.values { result += bytes(Int(bits), 2) } }
    return result
  }

  /// What may be wrong with a model.
  enum Damage: CaseIterable {
    case truncated, longer, otherMagic, otherVersion, missingTensor, otherShape, notFinite, empty, directory
  }

  private static func write(_ name: LearnedModels.Name, _ damage: Damage?, in directory: String) throws {
    var tensors = try #require(Self.tensors[name])
    let path = directory + "/" + name.fileName
    let some = try #require(tensors.keys.min())
    var bits: UInt16 = 0
    if damage == .missingTensor { tensors[some] = nil }
    if damage == .otherShape { tensors[some] = .init(shape: [1, 2], values: [0, 0]) }
    if damage == .notFinite { bits = 0x7E00 }
    var bytes = Self.file(tensors, bits: bits)
    switch damage {
    case .truncated: bytes.removeLast(7)
    case .longer: bytes.append(0)
    case .otherMagic: bytes[0] = 0
    case .otherVersion: bytes[8] = 2
    case .empty: bytes = []
    case .directory: return try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    default: break
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  private static func directory() throws -> String {
    let path = NSTemporaryDirectory() + "reprise-models-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test(
    "a model whose file is damaged is a fault with its path, and the others are there", .takesLong,
    arguments: LearnedModels.Name.allCases, Damage.allCases)
  func damaged(name: LearnedModels.Name, damage: Damage) throws {
    let directory = try Self.directory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for other in LearnedModels.Name.allCases { try Self.write(other, other == name ? damage : nil, in: directory) }
    let models = LearnedModels(in: directory)
    #expect(models.missing.isEmpty)
    #expect(Set(models.faults.keys) == [name])
    #expect("\(models.faults.values.map { "\($0)" })".contains(directory + "/" + name.fileName))
    #expect((models.chords == nil) == (name == .chords))
    #expect((models.beats == nil) == (name == .beats))
    #expect((models.notes == nil) == (name == .notes))
    let fault = models.faults[name] as? WeightFault
    let some = try #require(Self.tensors[name]?.keys.min())
    switch damage {
    case .truncated, .longer, .otherMagic, .otherVersion, .empty: #expect(fault?.error == .notWeights)
    case .missingTensor: #expect(fault?.error == .missing(name: some))
    case .otherShape:
      guard case .shape(some, [1, 2], _) = fault?.error else {
        Issue.record("\(String(describing: fault))")
        return
      }
    case .notFinite:
      guard case .notFinite = fault?.error else {
        Issue.record("\(String(describing: fault))")
        return
      }
    case .directory: #expect(models.faults[name] is FileError)
    }
  }

  @Test("a directory that is not there has no models, and no faults")
  func nothing() throws {
    let models = LearnedModels(in: "/nonexistent/models")
    #expect(models.missing == LearnedModels.Name.allCases)
    #expect(models.faults.isEmpty && models.chords == nil && models.beats == nil && models.notes == nil)
  }

  @Test("models that hear nothing do the analysis no harm", .takesLong)
  func useless() async throws {
    let directory = try Self.directory()
    defer { try? FileManager.default.removeItem(atPath: directory) }
    for name in LearnedModels.Name.allCases { try Self.write(name, nil, in: directory) }
    let models = LearnedModels(in: directory)
    try #require(models.faults.isEmpty && models.missing.isEmpty)
    let song = SyntheticSong(bars: 6)
    let analysis = try await Analyzer(models: models).analyze(song.audio)
    #expect(analysis.tempo.isFinite && !analysis.beats.isEmpty)
    #expect(analysis.chords.last?.end == analysis.seconds)
  }
}
