import Foundation
import RepriseAudio
import TestSupport

/// A fixture's frames, from which mp3s with one peculiarity each are put together.
struct MP3Pieces {
  /// The frame with the Xing or Info header; empty if there is none.
  var head: [UInt8]
  /// All frames with audio.
  let frames: [[UInt8]]
  /// Bytes from the start of `head` to the tag's name.
  let tag: Int
  /// Samples per channel in a frame.
  let samples: Int
  let rate: Int

  /// Divides a fixture that is nothing but frames, behind an ID3v2 tag at most.
  init(_ name: String) throws {
    let bytes = try TestSupport.bytes(of: fixture(name))
    var place = 0
    if bytes.starts(with: Array("ID3".utf8)) {
      place = 10 + bytes[6..<10].reduce(0) { $0 << 7 | Int($1) }
    }
    var frames: [[UInt8]] = []
    while place + 4 < bytes.count, let length = Self.length(bytes[place..<place + 4]) {
      frames.append(Array(bytes[place..<min(place + length, bytes.count)]))
      place += length
    }
    let first = frames.first ?? [255, 251, 0, 0]
    let isMPEG1 = first[1] >> 3 & 3 == 3
    let isMono = first[3] >> 6 == 3
    tag = 4 + (isMPEG1 ? (isMono ? 17 : 32) : (isMono ? 9 : 17))
    samples = isMPEG1 ? 1152 : 576
    rate = Self.rate(first[...])
    let name = first.dropFirst(tag).prefix(4)
    let hasHead = name.elementsEqual("Xing".utf8) || name.elementsEqual("Info".utf8)
    head = hasHead ? first : []
    self.frames = Array(hasHead ? frames.dropFirst() : frames[...])
  }

  private static func rate(_ header: ArraySlice<UInt8>) -> Int {
    let bytes = Array(header)
    return [44100, 48000, 32000, 0][Int(bytes[2] >> 2 & 3)] >> [2, 0, 1, 0][Int(bytes[1] >> 3 & 3)]
  }

  /// Returns the size of a layer III frame with a bit rate; `nil` if there is none.
  private static func length(_ header: ArraySlice<UInt8>) -> Int? {
    let bytes = Array(header)
    guard bytes[0] == 0xFF, bytes[1] & 0xE6 == 0xE2, rate(header) > 0 else { return nil }
    let isMPEG1 = bytes[1] >> 3 & 3 == 3
    let kilobits =
      isMPEG1
      ? [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
      : [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
    let bitrate = kilobits[Int(bytes[2] >> 4)]
    guard bitrate > 0 else { return nil }
    return (isMPEG1 ? 144_000 : 72_000) * bitrate / rate(header) + Int(bytes[2] >> 1 & 1)
  }

  /// Header and frames.
  var whole: [UInt8] { head + bare }
  /// Frames without the header.
  var bare: [UInt8] { Array(frames.joined()) }

  /// The header with another number of frames.
  func head(claiming count: Int) -> [UInt8] {
    var bytes = head
    for index in 0..<4 { bytes[tag + 8 + index] = UInt8(truncatingIfNeeded: count >> (24 - 8 * index)) }
    return bytes
  }

  /// Audio with metadata after every `interval` bytes: a title in the first block and every `titles`-th, none if 0.
  static func withMetadata(_ audio: [UInt8], interval: Int, titles: Int) -> [UInt8] {
    var result: [UInt8] = []
    var block = 0
    for start in stride(from: 0, to: audio.count, by: interval) {
      let end = min(start + interval, audio.count)
      result += audio[start..<end]
      guard end - start == interval else { break }
      if titles > 0, block % titles == 0 {
        let text = Array("StreamTitle='Nobody - Number \(block)';".utf8)
        let count = (text.count + 15) / 16
        result += [UInt8(count)] + text + [UInt8](repeating: 0, count: 16 * count - text.count)
      } else {
        result.append(0)
      }
      block += 1
    }
    return result
  }

  /// An ID3v2.3 tag with a body.
  static func id3v2(_ body: [UInt8]) -> [UInt8] {
    Array("ID3".utf8) + [3, 0, 0] + [21, 14, 7, 0].map { UInt8(body.count >> $0 & 127) } + body
  }

  /// A comment frame of ID3v2.3.
  static func comment(_ description: String, _ text: String) -> [UInt8] {
    let body = [0] + Array("eng\(description)".utf8) + [0] + Array(text.utf8)
    return Array("COMM".utf8) + [0, 0, UInt8(body.count >> 8), UInt8(body.count & 255), 0, 0] + body
  }
}

extension ByteSplice {
  /// Returns the bytes of the result.
  func result(from source: [UInt8]) -> [UInt8] {
    pieces.flatMap { piece in
      switch piece {
      case .bytes(let bytes): bytes
      case .source(let range): Array(source[range])
      }
    }
  }
}
