import RepriseAudio
import RepriseCommand
import ReprisePreparation
import RepriseSystem
import Testing

@Suite("Whether an error tells its file")
struct ErrorSubjectTests {
  /// An error, the file it met, and whether its sentence tells that file.
  struct Case: Sendable, CustomTestStringConvertible {
    let error: any Error
    let path: String
    let isNamed: Bool
    var testDescription: String { "\(error) of \(path)" }

    init(_ error: any Error, of path: String, isNamed: Bool) {
      self.error = error
      self.path = path
      self.isNamed = isNamed
    }
  }

  @Test(
    "by the path that it carries, not by its words",
    arguments: [
      Case(FileError(.missing, path: "a.wav"), of: "a.wav", isNamed: true),
      Case(AudioFileError(path: "a.wav", .empty), of: "a.wav", isNamed: true),
      Case(PreparationError(.unmeasured, path: "a.wav"), of: "a.wav", isNamed: true),
      // An output that is named as the input is.
      Case(FileError(.exists, path: "ready/a.wav"), of: "a.wav", isNamed: true),
      Case(FileError(.exists, path: "ready/a.flac"), of: "a.wav", isNamed: false),
      Case(FileError(.exists, path: "ready/aa.wav"), of: "a.wav", isNamed: false),
      // Its words hold the name; it is about another file.
      Case(PreparationError(.sameFile(output: "a.wav"), path: "b.wav"), of: "a.wav", isNamed: false),
      Case(CancellationError(), of: "interrupted", isNamed: false),
    ])
  func subject(_ example: Case) {
    #expect(ErrorSubject.isNamed(example.path, by: example.error) == example.isNamed)
  }
}
