import RepriseAudio
import RepriseSystem

/// The MD5 of the samples in a FLAC file's STREAMINFO (RFC 9639 §8.2), by which any recipient can check the file.
enum FLACSamplesMD5 {
  private static let range = 26..<42

  /// Writes the MD5 into a file that has none.
  ///
  /// A file that cannot be decoded in full is left as it is: its inspection says why.
  ///
  /// - Parameters:
  ///   - file: A file that is open for reading and writing.
  ///   - cancellation: Interrupts decoding.
  /// - Returns: `true` if an MD5 was written.
  /// - Throws: `FileError` if the file cannot be read or written, `AudioFileError` `cancelled`.
  static func fill(in file: BorrowedFile, cancellation: Cancellation) throws -> Bool {
    let head = try file.bytes(at: 0, count: range.upperBound)
    guard head.count == range.upperBound, head.starts(with: Array("fLaC".utf8)), head[4] & 0x7F == 0,
      head[range].allSatisfy({ $0 == 0 })
    else { return false }
    let digest: [UInt8]
    do throws(AudioFileError) {
      guard let found = try Self.digest(of: file.path, cancellation) else { return false }
      digest = found
    } catch {
      if error.code == .cancelled { throw error }
      return false
    }
    var place = range.lowerBound
    try file.write(digest[...], at: &place)
    return true
  }

  /// Returns the MD5 of the samples as signed little-endian integers of whole bytes, interleaved; `nil` if they are not
  /// integers.
  private static func digest(of path: String, _ cancellation: Cancellation) throws(AudioFileError) -> [UInt8]? {
    var decoder = try AudioDecoder(path: path, cancellation: cancellation)
    guard case .integer(let bits) = decoder.encoding else { return nil }
    let frames = max(AudioDecoder.blockSamples / decoder.channels, 1)
    let width = (bits + 7) / 8
    var sum = MD5()
    var samples: [Int32] = []
    var bytes: [UInt8] = []
    while try decoder.read(into: &samples, frames: frames) > 0 {
      bytes.removeAll(keepingCapacity: true)
      for sample in samples {
        let value = sample >> (32 - Int32(bits))
        for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * place))) }
      }
      sum.update(bytes)
    }
    return sum.finish()
  }
}
