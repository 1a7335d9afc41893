internal import Foundation
@testable internal import RepriseAudio

/// Returns the path of a file in Fixtures.
///
/// - Parameter name: The file's name.
/// - Returns: The absolute path.
func fixture(_ name: String) -> String {
  URL(filePath: #filePath).appending(path: "../../../Fixtures/" + name).standardized.path
}

/// A fixture that holds no frame of layer III.
struct NoFrames: Error {
  let path: String
}

/// The frames of a fixture, one after the other, as often as a size wants it.
struct FrameStream {
  /// The frames, from the first one's header on.
  let bytes: [UInt8]
  /// How many there are.
  let frameCount: Int
  private let kind: MP3FrameKind

  /// Repeats the frames of an mp3, its tags left out.
  ///
  /// - Parameters:
  ///   - name: the file's name in Fixtures.
  ///   - size: the least number of bytes.
  /// - Throws: `AudioFileError` if the fixture cannot be read; `NoFrames`.
  init(fixture name: String, atLeast size: Int) throws {
    let file = try InputFile(path: fixture(name))
    let layout = try MP3Layout(file, offset: try FileSniffer.sniff(file).offset)
    guard let start = layout.walk.start, let end = layout.walk.end, let kind = layout.walk.runs.first?.kind else {
      throw NoFrames(path: file.path)
    }
    let once = try file.bytes(at: start, count: end - start)
    let rounds = (size + once.count - 1) / once.count
    bytes = [UInt8](repeatElement(once, count: rounds).joined())
    frameCount = rounds * layout.walk.frames
    self.kind = kind
  }

  /// Walks the stream from header to header.
  func walk() throws(CancellationError) -> MP3Walk {
    try unsafe MP3Walk(bytes.span.bytes, from: 0, to: bytes.count, kind: kind)
  }

  /// Calls `body` with every frame's bytes and header, in order.
  func forEachFrame(_ body: (RawSpan, MPEGFrameHeader) -> Void) {
    let all = unsafe bytes.span.bytes
    var offset = 0
    while let word = all.big32(at: offset), let header = MPEGFrameHeader(word: Int(word)) {
      let length = kind.length(word)
      guard length > 0, offset + length <= bytes.count else { return }
      body(all.extracting(offset..<offset + length), header)
      offset += length
    }
  }

  /// Looks into every frame; returns how many are damaged.
  func findings() -> Int {
    var check = MP3FrameCheck()
    var count = 0
    forEachFrame { frame, header in
      if let finding = check.check(frame, header: header), finding != .suspect { count += 1 }
    }
    return count
  }
}

/// The granules of an MPEG-1 stream, with the bits at which their Huffman codes begin and end.
struct GranuleList {
  private struct Part {
    let codes: Range<Int>
    let granule: MP3SideInformation.Granule
    let regions: (Int, Int, Int)
  }

  private var parts: [Part] = []
  /// The main data of all frames, behind one another, as the bit reservoir joins them (ISO 11172-3 §2.4.3.1).
  private var mainData: [UInt8] = []

  /// How many granules there are, of all channels.
  var count: Int { parts.count }

  /// Takes the granules out of a stream; those whose data begin in front of it are left out.
  init(_ stream: FrameStream) {
    stream.forEachFrame { frame, header in
      let sideStart = header.isProtected ? 6 : 4
      let side = MP3SideInformation(frame, at: sideStart, frame: header)
      var bit = 8 * (mainData.count - side.mainDataBegin)
      let main = frame.extracting(min(sideStart + header.sideInformation, frame.byteCount)..<frame.byteCount)
      mainData += main.copy(at: 0, count: main.byteCount)
      guard bit >= 0 else { return }
      let bands = MP3Bands.long(header)
      for index in 0..<side.count {
        let granule = side.granules[index]
        let end = bit + granule.codedBits
        defer { bit = end }
        let shared = index % header.channels == 0 ? side.sharedScalefactors.0 : side.sharedScalefactors.1
        let scalefactors = MP3Bands.scalefactorBits(granule, shared: index < header.channels ? 0 : shared)
        guard granule.codedBits > scalefactors else { continue }
        let regions = MP3Bands.regions(granule, bands: bands.span, sampleRate: header.sampleRate)
        parts.append(Part(codes: bit + scalefactors..<end, granule: granule, regions: regions))
      }
    }
  }

  /// Follows all codes; returns of how many granules they end where they should.
  func exactEnds() -> Int {
    let data = unsafe mainData.span.bytes
    return parts.count { part in
      let outcome = MP3HuffmanCount.outcome(
        data, from: part.codes.lowerBound, to: part.codes.upperBound, granule: part.granule, regions: part.regions)
      return outcome == .exact || outcome == .filled
    }
  }
}

/// An mp3 of some size in the temporary directory, which is gone with the last reference to it.
final class TemporarySong: Sendable {
  /// Its path.
  let path: String

  /// Writes a fixture's frames as often as a size wants it.
  ///
  /// - Parameters:
  ///   - name: the file's name in Fixtures.
  ///   - size: the least number of bytes.
  /// - Throws: `NoFrames`, or the file system's error.
  init(fixture name: String, atLeast size: Int) throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "reprise-benchmark-\(UUID().uuidString).mp3")
    try Data(FrameStream(fixture: name, atLeast: size).bytes).write(to: file)
    path = file.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
