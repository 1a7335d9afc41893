internal import Foundation
internal import RepriseSystem

/// A reader of headerless 16-bit little-endian samples, block by block.
struct PCMReader {
  private let handle: FileHandle
  private let path: String
  private let channels: Int

  /// Opens a file of samples.
  ///
  /// - Throws: `FileError` if the file can't be opened.
  init(path: String, channels: Int) throws(FileError) {
    guard let handle = FileHandle(forReadingAtPath: StandIns.path(for: path)) else {
      throw FileError(errno: errno, path: path, doing: "read")
    }
    self.handle = handle
    self.path = path
    self.channels = channels
  }

  /// Returns the next frames, interleaved, −1…1; `nil` at the end.
  ///
  /// An incomplete last frame is dropped.
  mutating func read(frames: Int) throws -> [Float]? {
    guard let data = try handle.read(upToCount: frames * channels * 2), data.count >= channels * 2 else { return nil }
    let count = data.count / (channels * 2) * channels
    let base = data.startIndex
    return (0..<count).map { index in
      let low = UInt16(data[base + 2 * index])
      let high = UInt16(data[base + 2 * index + 1])
      return Float(Int16(bitPattern: high << 8 | low)) / 32768
    }
  }
}
