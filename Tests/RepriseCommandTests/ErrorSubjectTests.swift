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
    let isTold: Bool
    var testDescription: String { "\(error) of \(path)" }

    init(_ error: any Error, of path: String, isTold: Bool) {
      self.error = error
      self.path = path
      self.isTold = isTold
    }
  }

  @Test(
    "by the path that it carries, not by its words",
    arguments: [
      Case(FileError(.missing, path: "a.wav"), of: "a.wav", isTold: true),
      Case(AudioFileError(path: "a.wav", .empty), of: "a.wav", isTold: true),
      Case(PreparationError(.unmeasured, path: "a.wav"), of: "a.wav", isTold: true),
      // An output that is named as the input is.
      Case(FileError(.exists, path: "ready/a.wav"), of: "a.wav", isTold: true),
      Case(FileError(.exists, path: "ready/a.flac"), of: "a.wav", isTold: false),
      Case(FileError(.exists, path: "ready/aa.wav"), of: "a.wav", isTold: false),
      // Its words hold the name; it is about another file.
      Case(PreparationError(.sameFile(output: "a.wav"), path: "b.wav"), of: "a.wav", isTold: false),
      Case(CancellationError(), of: "interrupted", isTold: false),
    ])
  func told(_ example: Case) {
    #expect(ErrorSubject.isTold(example.path, by: example.error) == example.isTold)
  }
}
