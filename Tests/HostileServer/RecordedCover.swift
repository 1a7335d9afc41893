internal import Foundation

/// A cover that was made once and is handed out from then on.
public enum RecordedCover {
  /// Fixtures/recorded-cover.mp3: passes every check against the first 7 s of `recording.mp3`.
  public static var bytes: [UInt8] {
    get throws { [UInt8](try Data(contentsOf: URL(filePath: fixtures + "/recorded-cover.mp3"))) }
  }

  /// The directory of the fixtures.
  static var fixtures: String {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures").path
  }
}
