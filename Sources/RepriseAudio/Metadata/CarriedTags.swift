/// A change of the audio, as far as tags depend on it.
package struct TagChange: Sendable, Equatable {
  /// Format of the result.
  package var format: FileFormat
  /// Start and end of the part, in seconds of the recording.
  package var part: ClosedRange<Double>
  /// `true` if the part is not the whole.
  package var isCut: Bool
  /// Stretches of the part that are left out, in seconds of the recording, in order.
  package var removed: [ClosedRange<Double>] = []
  /// Sample rates of the recording and of the result, in Hz.
  package var sampleRates: (from: Int, to: Int)
  /// `true` if the samples of the part are unchanged.
  package var keepsSamples: Bool
  /// `true` if the recording's own bytes are copied.
  package var keepsBytes: Bool
  /// Number of bytes that the result may have more.
  package var room: Int
  /// Largest size that the service accepts, in bytes.
  package var limit: Int

  package init(
    format: FileFormat, part: ClosedRange<Double>, isCut: Bool, sampleRates: (from: Int, to: Int), keepsSamples: Bool,
    keepsBytes: Bool, room: Int, limit: Int
  ) {
    self.format = format
    self.part = part
    self.isCut = isCut
    self.sampleRates = sampleRates
    self.keepsSamples = keepsSamples
    self.keepsBytes = keepsBytes
    self.room = room
    self.limit = limit
  }

  package static func == (one: TagChange, other: TagChange) -> Bool {
    one.format == other.format && one.part == other.part && one.isCut == other.isCut && one.removed == other.removed
      && one.sampleRates == other.sampleRates && one.keepsSamples == other.keepsSamples
      && one.keepsBytes == other.keepsBytes && one.room == other.room && one.limit == other.limit
  }

  /// `true` if times of the recording are not those of the result.
  var movesTime: Bool { isCut || !removed.isEmpty }

  /// Length of the result in seconds.
  var seconds: Double {
    removed.reduce(part.upperBound - part.lowerBound) { $0 - ($1.upperBound - $1.lowerBound) }
  }

  /// Returns the time in the result of a time in the recording, which lies within the part.
  func time(_ seconds: Double) -> Double {
    var time = min(max(seconds, part.lowerBound), part.upperBound)
    for stretch in removed.reversed() where time > stretch.lowerBound {
      time -= min(time, stretch.upperBound) - stretch.lowerBound
    }
    return time - part.lowerBound
  }
}

/// The tags of a result: what is written, and what is lost.
package struct CarriedTags: Sendable, Equatable {
  /// The bytes that hold the tags.
  package enum Payload: Sendable, Equatable {
    /// An ID3v2 tag in front of the frames of an mp3.
    case id3([UInt8])
    /// Blocks behind the STREAMINFO of a FLAC file: types and bodies.
    case flac([FLACBlock])
    /// Chunks in front of and behind the samples of a wav.
    case wave(front: [UInt8], behind: [UInt8])
  }

  /// A metadata block.
  package struct FLACBlock: Sendable, Equatable {
    let type: UInt8
    let body: [UInt8]
  }

  /// Number of texts.
  package let fields: Int
  /// Number of pictures.
  package let pictures: Int
  /// Number of chapters.
  package let chapters: Int
  /// Number of cue points.
  package let cuePoints: Int
  /// Number of other blocks.
  package let others: Int
  /// What the result does not have.
  package let losses: [TagLoss]
  /// What is written; `nil` for nothing.
  package let payload: Payload?

  /// Number of bytes that the tags add to the result.
  package var byteCount: Int {
    switch payload {
    case nil: 0
    case .id3(let bytes): bytes.count
    case .flac(let blocks): blocks.reduce(0) { $0 + 4 + $1.body.count }
    case .wave(let front, let behind): front.count + behind.count
    }
  }

  /// Returns the same with everything lost, as it has no room.
  package func dropped(limit: Int) -> CarriedTags {
    var losses = losses
    let kinds: [(TagLoss.What, Int)] = [
      (.text(""), fields), (.picture, pictures), (.chapter, chapters), (.cuePoint, cuePoints), (.block(""), others),
    ]
    for (what, count) in kinds where count > 0 {
      losses.append(TagLoss(what: what, count: count, bytes: 0, why: .noRoom(limit)))
    }
    return CarriedTags(
      fields: 0, pictures: 0, chapters: 0, cuePoints: 0, others: 0, losses: losses, payload: nil)
  }

  /// Returns the bytes of FLAC blocks, of which the last one is marked as such.
  package static func bytes(_ blocks: [FLACBlock]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, block) in blocks.enumerated() {
      bytes += [(index == blocks.count - 1 ? 0x80 : 0) | block.type] + TagText.big(block.body.count, 3) + block.body
    }
    return bytes
  }
}
