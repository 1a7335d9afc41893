import RepriseAudio
import Foundation
import TestSupport
import Testing

/// Files of ffmpeg's own muxers, taken apart by ours and by ffmpeg's demuxers.
@Suite("Unwrapping beside ffmpeg", .enabled(if: OtherDecoder.ffmpeg.path != nil), .startsProcesses)
struct OtherMuxerTests {
  private static func ffmpeg(_ arguments: [String]) throws {
    let process = Process()
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    process.executableURL = URL(fileURLWithPath: OtherDecoder.ffmpeg.path ?? "ffmpeg")
    process.arguments = ["-nostdin", "-v", "error", "-y"] + arguments
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  private static func content(_ path: String) throws -> [UInt8] {
    let audio = try AudioContent.open(path)
    #expect(audio.unwrapping?.damage == [])
    return try audio.file.bytes(at: 0, count: audio.file.byteCount)
  }

  @Test(
    "the frames of an mp3 are those that ffmpeg takes out",
    arguments: ["vbr.mp3", "cbr.mp3", "mpeg-2.mp3", "crc-joint-stereo.mp3"],
    [
      ["a.wav"], ["a.mp4"], ["a.mov"], ["a.mkv"], ["-movflags", "frag_keyframe+empty_moov", "b.mp4"],
      ["-rf64", "always", "c.wav"],
    ])
  func mp3(name: String, target: [String]) async throws {
    let scratch = try Scratch()
    let path = scratch.path(target[target.count - 1])
    try Self.ffmpeg(["-i", fixture(name), "-map", "0:a", "-c", "copy"] + target.dropLast() + [path])
    let plain = scratch.path("plain.mp3")
    try Self.ffmpeg(
      ["-i", path, "-map", "0:a", "-c", "copy", "-f", "mp3", "-write_xing", "0", "-id3v2_version", "0", plain])
    #expect(try Self.content(path) == bytes(of: plain))
    let found = await inspect(path: path, limits: AudioLimits(minimumSeconds: 1), deep: true)
    #expect(found.verdict == .preparable)
  }

  @Test(
    "the samples of a flac are those that ffmpeg decodes", arguments: ["padding.flac", "20-bit.flac"],
    ["a.oga", "a.mp4", "a.mkv"])
  func flac(name: String, target: String) async throws {
    let scratch = try Scratch()
    let path = scratch.path(target)
    try Self.ffmpeg(["-i", fixture(name), "-map", "0:a", "-c", "copy", "-strict", "-2", path])
    let plain = try scratch.file("plain.flac", try Self.content(path))
    let wanted = try OtherDecoder.ffmpeg.floats(of: fixture(name), output: scratch.path("one"))
    #expect(try OtherDecoder.ffmpeg.floats(of: plain, output: scratch.path("two")) == wanted)
    #expect(try AudioBuffer(decoding: path).samples == AudioBuffer(decoding: fixture(name)).samples)
  }
}
