import Foundation
import RepriseAudio
import TestSupport
import Testing

/// Tags built byte by byte.
enum TagSamples {
  /// An encoding of texts in ID3v2.
  enum Encoding: UInt8, CaseIterable {
    case latin1, utf16, utf16BE, utf8

    /// Encoding byte and text, with terminator where `ends`.
    func bytes(_ text: String, ends: Bool = false) -> [UInt8] {
      switch self {
      case .latin1: text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } + (ends ? [0] : [])
      case .utf16:
        [0xFF, 0xFE] + text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] } + (ends ? [0, 0] : [])
      case .utf16BE: text.utf16.flatMap { [UInt8($0 >> 8), UInt8(truncatingIfNeeded: $0)] } + (ends ? [0, 0] : [])
      case .utf8: Array(text.utf8) + (ends ? [0] : [])
      }
    }
  }

  static func big(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
  }
  static func little(_ value: Int, _ width: Int = 4) -> [UInt8] { big(value, width).reversed() }
  static func synchsafe(_ value: Int) -> [UInt8] { [21, 14, 7, 0].map { UInt8(value >> $0 & 0x7F) } }

  /// A frame of version 3 or 4.
  static func frame(_ name: String, _ body: [UInt8], version: Int = 4) -> [UInt8] {
    Array(name.utf8) + (version == 4 ? synchsafe(body.count) : big(body.count, 4)) + [0, 0] + body
  }

  static func tag(_ frames: [[UInt8]], version: Int = 4, isUnsynchronised: Bool = false) -> [UInt8] {
    var body = Array(frames.joined())
    if isUnsynchronised {
      var escaped: [UInt8] = []
      for (index, byte) in body.enumerated() {
        escaped.append(byte)
        let next = index + 1 < body.count ? body[index + 1] : 0
        if byte == 0xFF, next == 0 || next >= 0xE0 { escaped.append(0) }
      }
      body = escaped
    }
    return Array("ID3".utf8) + [UInt8(version), 0, isUnsynchronised ? 0x80 : 0] + synchsafe(body.count) + body
  }

  /// A picture of some size whose bytes hold headers like those of frames.
  static func picture(_ count: Int) -> [UInt8] {
    [0xFF, 0xD8, 0xFF, 0xE0] + (0..<count).map { [0xFF, 0xFB, 0x90, 0x00, 0x5A][$0 % 5] }
  }

  /// Frames with every kind of text, two pictures and three chapters.
  static func frames(_ encoding: Encoding, version: Int = 4, picture: [UInt8] = picture(2000)) -> [[UInt8]] {
    let code = encoding.rawValue
    func text(_ name: String, _ value: String) -> [UInt8] {
      frame(name, [code] + encoding.bytes(value), version: version)
    }
    func chapter(_ name: String, _ start: Int, _ end: Int, _ title: String) -> [UInt8] {
      let inner = text("TIT2", title)
      let body = Array(name.utf8) + [0] + big(start, 4) + big(end, 4) + [UInt8](repeating: 0xFF, count: 8) + inner
      return frame("CHAP", body, version: version)
    }
    let date = version == 4 ? [text("TDRC", "2003-05-01")] : [text("TYER", "2003"), text("TDAT", "0105")]
    return [
      text("TIT2", "Tïtle"), text("TPE1", "Ärtist"), text("TALB", "Album"), text("TPE2", "Band"), text("TRCK", "3/12"),
      text("TPOS", "1/2"), text("TCON", "(17)"), text("TSRC", "USRC17607839"), text("TBPM", "120"),
      text("TCOP", "2003 Me"), text("TLEN", "60000"),
      frame("TXXX", [code] + encoding.bytes("MyKey", ends: true) + encoding.bytes("my välue"), version: version),
      frame(
        "TXXX", [code] + encoding.bytes("REPLAYGAIN_TRACK_GAIN", ends: true) + encoding.bytes("-6 dB"), version: version
      ),
      frame(
        "COMM", [code] + Array("eng".utf8) + encoding.bytes("", ends: true) + encoding.bytes("a cömment"),
        version: version),
      frame(
        "COMM", [code] + Array("eng".utf8) + encoding.bytes("iTunSMPB", ends: true) + encoding.bytes(" 0 1 2 3"),
        version: version),
      frame(
        "USLT", [code] + Array("eng".utf8) + encoding.bytes("", ends: true) + encoding.bytes("la la"), version: version),
      frame(
        "APIC", [code] + Array("image/jpeg".utf8) + [0, 3] + encoding.bytes("front", ends: true) + picture,
        version: version),
      frame(
        "APIC", [code] + Array("image/jpeg".utf8) + [0, 4] + encoding.bytes("back", ends: true) + picture + [7],
        version: version),
      chapter("a", 0, 3000, "One"), chapter("b", 3000, 5000, "Two"), chapter("c", 5000, 9000, "Three"),
      frame("PRIV", Array("me".utf8) + [0, 0xFF, 0xE0, 1], version: version),
    ] + date
  }

  /// Texts that every result has, by the names of Vorbis comments.
  static let texts = [
    "TITLE": "Tïtle", "ARTIST": "Ärtist", "ALBUM": "Album", "ALBUMARTIST": "Band", "TRACKNUMBER": "3",
    "TRACKTOTAL": "12",
    "DISCNUMBER": "1", "DISCTOTAL": "2", "DATE": "2003-05-01", "GENRE": "Rock", "ISRC": "USRC17607839", "BPM": "120",
    "COPYRIGHT": "2003 Me", "MYKEY": "my välue", "COMMENT": "a cömment", "LYRICS": "la la",
  ]

  /// An mp3 of a sweep with a tag in front.
  static func mp3(_ tag: [UInt8], seconds: Int = 9, in scratch: Scratch, _ name: String = "source.mp3") throws -> String
  {
    let path = scratch.path("bare-" + name)
    let samples = (0..<seconds * 44100).map { Float(0.4 * sin(Double($0) * (0.02 + Double($0) * 1e-7))) }
    try Signals.write(samples, .mp3(bitrate: 64000), rate: 44100, channels: 1, to: path)
    return try scratch.file(name, tag + bytes(of: path))
  }

  static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    Array(name.utf8) + little(body.count) + body + (body.count % 2 == 1 ? [0] : [])
  }

  /// Chunks of a wav: INFO, cue points at 1, 4 and 8 s with labels, and a broadcast extension.
  static func waveChunks(rate: Int) -> (front: [UInt8], behind: [UInt8]) {
    let info =
      Array("INFO".utf8) + chunk("INAM", Array("Tïtle".utf8) + [0]) + chunk("IART", Array("Ärtist".utf8) + [0])
      + chunk("IPRD", Array("Album".utf8) + [0]) + chunk("ICMT", Array("a cömment".utf8) + [0])
      + chunk("IENG", Array("Engineer".utf8) + [0])
    let places = [1, 4, 8].map { $0 * rate + 1 }
    var cue = little(3)
    var labels = Array("adtl".utf8)
    for (index, place) in places.enumerated() {
      cue += little(index + 1) + little(place) + Array("data".utf8) + little(0) + little(0) + little(place)
      labels += chunk("labl", little(index + 1) + Array("cue \(index)".utf8) + [0])
    }
    let bext = [UInt8](repeating: 0x41, count: 338) + little(1000, 8) + little(2, 2) + [UInt8](repeating: 0, count: 254)
    return (chunk("bext", bext), chunk("LIST", info) + chunk("cue ", cue) + chunk("LIST", labels))
  }

  /// A wav of noise with chunks around its samples.
  static func wave(
    rate: Int = 44100, bits: Int = 16, seconds: Int = 9, in scratch: Scratch, _ name: String = "source.wav"
  ) throws -> String {
    let path = scratch.path("bare-" + name)
    try Signals.write(Signals.noise(seconds * rate), .wav(bitsPerSample: bits), rate: rate, channels: 1, to: path)
    let bare = try bytes(of: path)
    let data = try #require(bare.indices.first { bare[$0...].starts(with: Array("data".utf8)) })
    let (front, behind) = waveChunks(rate: rate)
    let body = Array(bare[8..<data]) + front + bare[data...] + behind
    return try scratch.file(name, Array("RIFF".utf8) + little(body.count) + body)
  }
}
