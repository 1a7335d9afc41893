import Foundation
import RepriseSystem

/// The tags of a foreign container as ffprobe tells them, with the pictures that ffmpeg copies out of it.
enum FFmpegTags {
  /// Largest answer of ffprobe in bytes.
  private static let mostAnswer = 8 << 20
  /// Largest number of pictures.
  private static let mostPictures = 20

  /// Reads the tags; empty if ffmpeg is not installed, or tells nothing.
  ///
  /// - Throws: `AudioFileError` `cancelled`.
  static func read(
    _ file: InputFile, _ container: ForeignContainer, cancellation: Cancellation?
  ) throws(AudioFileError) -> Tags {
    var tags = Tags()
    guard let demuxers = container.demuxers, let program = Executable.path(of: "ffprobe"),
      let text = try output(
        of: program, FFmpegProgram.tags(demuxers: demuxers), file, most: mostAnswer, cancellation: cancellation),
      let answer = try? JSONDecoder().decode(Answer.self, from: Data(text))
    else { return tags }
    let sound = answer.streams?.first { $0.codec_type == "audio" }
    for (name, value) in (answer.format?.tags ?? [:]).sorted(by: { $0.key < $1.key }) { add(name, value, to: &tags) }
    let known = Set(tags.fields.map { TagNames.key($0.name) })
    for (name, value) in (sound?.tags ?? [:]).sorted(by: { $0.key < $1.key })
    where !known.contains(TagNames.key(name)) && name != "language" {
      add(name, value, to: &tags)
    }
    for chapter in answer.chapters ?? [] {
      guard let start = chapter.start_time.flatMap({ Double($0) }) else { continue }
      let end = chapter.end_time.flatMap { Double($0) }
      tags.add(
        Tags.Chapter(
          start: max(start, 0), end: end.flatMap { $0 > start ? $0 : nil }, title: chapter.tags?["title"] ?? ""))
    }
    tags.chapters.sort { $0.start < $1.start }
    guard let ffmpeg = Executable.path(of: "ffmpeg") else { return tags }
    var left = Tags.mostBytes
    for stream in (answer.streams ?? []).filter({ $0.disposition?.attached_pic == 1 }).prefix(mostPictures) {
      let data = try output(
        of: ffmpeg, FFmpegProgram.picture(stream.index, demuxers: demuxers), file, most: left,
        cancellation: cancellation)
      guard let data, !data.isEmpty else {
        tags.lose(.picture, bytes: 0)
        continue
      }
      left -= data.count
      let told = stream.tags ?? [:]
      tags.pictures.append(
        Tags.Picture(
          kind: kinds.firstIndex(of: told["comment"] ?? "") ?? 3, mediaType: PictureFacts.mediaType("", data[...]),
          description: told["title"] ?? "", data: data))
    }
    return tags
  }

  private static func add(_ name: String, _ value: String, to tags: inout Tags) {
    let lower = name.lowercased()
    if lower.hasPrefix("id3v2_priv.") { return }
    if let language = lower.hasPrefix("lyrics-") ? lower.dropFirst(7) : nil, language.utf8.count == 3 {
      return tags.add("LYRICS", value, language: String(language))
    }
    let key = TagNames.name(frame: name) ?? sortNames[lower] ?? TagNames.key(name)
    if key == "TRACKNUMBER" || key == "DISCNUMBER" {
      let parts = value.split(separator: "/", maxSplits: 1).map(String.init)
      if let number = parts.first { tags.add(key, number) }
      if parts.count > 1 { tags.add(key == "TRACKNUMBER" ? "TRACKTOTAL" : "DISCTOTAL", parts[1]) }
      return
    }
    let field = Tags.Field(TagNames.frame(key) == nil ? name : key, value)
    // What a container or its writer says of itself is nothing about the recording.
    if TagNames.bound(field) != .encoding || key == "R128_TRACK_GAIN" { tags.add(field.name, value) }
  }

  private static let sortNames = [
    "sort_name": "TITLESORT", "sort_artist": "ARTISTSORT", "sort_album": "ALBUMSORT",
    "sort_album_artist": "ALBUMARTISTSORT", "sort_composer": "COMPOSERSORT",
  ]

  /// Kinds of picture as ffmpeg names them (libavformat/id3v2.c).
  private static let kinds = [
    "Other", "32x32 pixels 'file icon'", "Other file icon", "Cover (front)", "Cover (back)", "Leaflet page",
    "Media (e.g. label side of CD)", "Lead artist/lead performer/soloist", "Artist/performer", "Conductor",
    "Band/Orchestra", "Composer", "Lyricist/text writer", "Recording Location", "During recording",
    "During performance", "Movie/video screen capture", "A bright coloured fish", "Illustration",
    "Band/artist logotype", "Publisher/Studio logotype",
  ]

  private struct Answer: Decodable {
    struct Disposition: Decodable { let attached_pic: Int? }
    struct Stream: Decodable {
      let index: Int
      let codec_type: String?
      let disposition: Disposition?
      let tags: [String: String]?
    }
    struct Format: Decodable { let tags: [String: String]? }
    struct Chapter: Decodable {
      let start_time: String?
      let end_time: String?
      let tags: [String: String]?
    }

    let streams: [Stream]?
    let format: Format?
    let chapters: [Chapter]?
  }

  /// Returns the output of a program that reads the file; `nil` if it fails, stalls or writes more than `most`.
  private static func output(
    of program: String, _ arguments: [String], _ file: InputFile, most: Int, cancellation: Cancellation?
  ) throws(AudioFileError) -> [UInt8]? {
    var process: ChildProcess
    do {
      process = try ChildProcess(program, arguments, environment: FFmpegProgram.environment, input: file.descriptor)
    } catch { return nil }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var left = FFmpegLimits.current.stall
    reading: while true {
      if cancellation?.isCancelled == true { throw AudioFileError.cancelled(file.path) }
      switch process.read(into: &buffer, within: 100) {
      case .bytes(let count): text += buffer[..<count]
      case .nothing: left -= 100
      case .end: break reading
      }
      guard left > 0, text.count <= most else { return nil }
    }
    return process.finish(within: 5000) == .status(0) ? text : nil
  }
}

extension ForeignContainer {
  /// Demuxers of ffmpeg that read the container; `nil` if only libsndfile does.
  fileprivate var demuxers: String? {
    for case .ffmpeg(let demuxers) in decoders { return demuxers }
    return nil
  }
}

extension FFmpegProgram {
  /// Returns the arguments of ffprobe for all tags and chapters.
  fileprivate static func tags(demuxers: String) -> [String] {
    ["-hide_banner"] + reading(demuxers) + [
      "-of", "json", "-show_entries",
      "stream=index,codec_type:stream_tags:stream_disposition=attached_pic:format_tags:chapter=start_time,end_time"
        + ":chapter_tags", "-show_chapters", "-i", input,
    ]
  }

  /// Returns the arguments that copy an attached picture to stdout.
  fileprivate static func picture(_ stream: Int, demuxers: String) -> [String] {
    ["-nostdin", "-hide_banner"] + reading(demuxers) + [
      "-i", input, "-map", "0:\(stream)", "-c", "copy", "-frames:v", "1", "-f", "image2pipe", "pipe:1",
    ]
  }
}
