import Foundation
import RepriseAnalysis
import RepriseSystem
import Testing

/// A file that is no model is a fault that names its path, and so shows which file the search found.
@Suite("Where learned models are looked for")
struct InstalledModelsTests {
  private typealias Name = LearnedModels.Name

  /// A directory for data of the user, and one for an installation.
  private struct Places: ~Copyable {
    let root = NSTemporaryDirectory() + "reprise-installed-" + UUID().uuidString
    var user: String { root + "/data/reprise/models" }
    var installation: String { root + "/prefix/share/reprise/models" }
    var named: String { root + "/named" }

    func put(_ names: [Name], in directory: String, _ text: String = "no weights") throws {
      try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
      for name in names { try Data(text.utf8).write(to: URL(fileURLWithPath: directory + "/" + name.fileName)) }
    }

    func installed(_ variable: String? = nil) -> LearnedModels {
      var environment = ["HOME": root, "XDG_DATA_HOME": root + "/data"]
      environment[LearnedModels.variable] = variable
      return .installed(program: root + "/prefix/bin/reprise", environment: environment)
    }

    func directory(of name: Name, in models: LearnedModels) -> String? {
      guard let path = (models.faults[name] as? WeightFault)?.path else { return nil }
      return path.hasSuffix("/" + name.fileName) ? String(path.dropLast(name.fileName.count + 1)) : nil
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }
  }

  @Test("each model is looked for by itself: the user's own file hides that of an installation, and no other")
  func order() throws {
    // Every set of models that the user may have, besides a whole installation.
    for chosen in 0..<(1 << Name.allCases.count) {
      let places = Places()
      let own = Name.allCases.indices.filter { chosen >> $0 & 1 == 1 }.map { Name.allCases[$0] }
      try places.put(own, in: places.user)
      try places.put(Name.allCases, in: places.installation)
      let models = places.installed()
      #expect(models.missing.isEmpty)
      for name in Name.allCases {
        let expected = own.contains(name) ? places.user : places.installation
        #expect(places.directory(of: name, in: models) == expected, "\(name), with \(own)")
      }
    }
  }

  @Test("models that are partly with the user and partly in an installation are all found")
  func divided() throws {
    let places = Places()
    try places.put([.notes], in: places.user)
    try places.put([.chords, .beats], in: places.installation)
    let models = places.installed()
    #expect(models.missing.isEmpty)
    #expect(places.directory(of: .notes, in: models) == places.user)
    #expect(places.directory(of: .beats, in: models) == places.installation)
  }

  @Test("a directory that is named is the only one")
  func named() throws {
    let places = Places()
    try places.put(Name.allCases, in: places.user)
    try places.put([.beats], in: places.named)
    let models = places.installed(places.named)
    #expect(models.missing == Name.allCases.filter { $0 != .beats })
    #expect(places.directory(of: .beats, in: models) == places.named)
    #expect(places.installed(places.root + "/nowhere").missing == Name.allCases)
  }

  @Test("an empty variable means no models, whatever is installed")
  func empty() throws {
    let places = Places()
    try places.put(Name.allCases, in: places.user)
    let models = places.installed("")
    #expect(models.missing == Name.allCases && models.faults.isEmpty)
  }

  @Test("a file that comes, is replaced or goes is seen by the same process")
  func changes() throws {
    let places = Places()
    let path = places.named + "/" + Name.chords.fileName
    #expect(places.installed(places.named).missing == Name.allCases)
    try places.put([.chords], in: places.named)
    #expect(places.installed(places.named).faults[.chords] is WeightFault)
    try FileManager.default.removeItem(atPath: path)
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    #expect(places.installed(places.named).faults[.chords] is FileError)
    try FileManager.default.removeItem(atPath: path)
    // Weights without a tensor.
    try places.put([.chords], in: places.named, "RPWEIGHT\u{1}\0\0\0\0\0\0\0")
    let fault = places.installed(places.named).faults[.chords] as? WeightFault
    guard case .missing = fault?.error else {
      Issue.record("\(String(describing: fault))")
      return
    }
    try FileManager.default.removeItem(atPath: path)
    #expect(places.installed(places.named).missing == Name.allCases)
  }
}
