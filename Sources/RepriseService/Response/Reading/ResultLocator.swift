import Foundation

/// Where a response says that the result is.
///
/// Only fields that are known to hold results are looked into, so that what a service repeats of a request (its
/// reference, its web hook, pictures, links to itself) is never taken for one.
struct ResultLocator {
  /// Names of fields that hold the audio the service was sent, by the service's description.
  var inputs: Set<String> = []

  private static let deepest = 6

  /// Fields that hold a result, most telling first, without case and separators.
  private static let names = [
    "audiofile", "audiofiles", "outputaudio", "audiooutput", "generatedaudio", "outputurl", "outputs", "output",
    "resulturl",
    "results", "result", "audios", "audio", "audiourl", "audiourls", "songurl", "trackurl", "files", "file", "fileurl",
    "downloadurl", "songs", "tracks", "artifacts", "data", "url", "uri", "href", "link", "src", "signedurl",
    "presignedurl",
  ]
  /// Fields that are links of their own at the top of a response, and a result's URL only inside of one.
  private static let innerOnly: Set<String> = ["uri", "href", "link", "src", "data", "signedurl", "presignedurl"]
  /// What an entry calls itself that is no result.
  private static let others: Set<String> = [
    "input", "inputs", "reference", "source", "request", "original", "upload", "image", "cover", "coverimage",
    "coverart",
    "thumbnail", "video", "lyrics", "text", "metadata", "log", "preview",
  ]

  /// The result of a response's object; `nil` if it tells of none.
  func result(in fields: [String: Any]) -> Contract.Generation.AudioFile? { search(fields, isTop: true, depth: 0) }

  private func search(_ fields: [String: Any], isTop: Bool, depth: Int) -> Contract.Generation.AudioFile? {
    guard depth < Self.deepest, isTop || !isOther(fields) else { return nil }
    let byName = Dictionary(
      fields.filter { !inputs.contains($0.key) }.map { (Self.plain($0.key), $0.value) },
      uniquingKeysWith: { first, _ in first })
    // The contract's own form: whatever is there is the URL.
    if let file = byName["audiofile"] as? [String: Any], let url = file["url"] as? String, !url.isEmpty,
      !url.lowercased().hasPrefix("data:")
    {
      return Self.file(url, in: file)
    }
    for name in Self.names where !(isTop && Self.innerOnly.contains(name)) {
      if let found = found(byName[name], in: fields, depth: depth + 1) { return found }
    }
    return nil
  }

  private func found(_ value: Any?, in fields: [String: Any], depth: Int) -> Contract.Generation.AudioFile? {
    guard depth < Self.deepest else { return nil }
    switch value {
    case let text as String:
      if let inner = AnswerJSON.inside(text), !inner.isCut { return found(inner.value, in: fields, depth: depth + 1) }
      return Self.isAddress(text) && Self.rank(text) > 0 ? Self.file(text, in: fields) : nil
    case let inner as [String: Any]: return search(inner, isTop: false, depth: depth + 1)
    case let list as [Any]:
      let all = list.prefix(100).compactMap { found($0, in: [:], depth: depth + 1) }
      return all.first { Self.rank($0.url) > 1 } ?? all.first
    default: return nil
    }
  }

  /// Whether an object says that it is no result: an input, a picture, a text.
  func isOther(_ fields: [String: Any]) -> Bool {
    let isOther = ["type", "role", "kind", "name", "purpose"].contains { name in
      (fields[name] as? String).map { Self.others.contains(Self.plain($0)) } ?? false
    }
    let type = (Self.text(fields, ["content_type", "contentType", "mime_type", "mimeType", "type"]) ?? "").lowercased()
    return isOther || type.hasPrefix("image/") || type.hasPrefix("video/") || type.hasPrefix("text/")
  }

  private static func file(_ url: String, in fields: [String: Any]) -> Contract.Generation.AudioFile {
    Contract.Generation.AudioFile(
      url: url, contentType: text(fields, ["content_type", "contentType", "mime_type", "mimeType"]),
      fileSize: JSONFields.integer(fields["file_size"] ?? fields["fileSize"]))
  }

  private static func text(_ fields: [String: Any], _ names: [String]) -> String? {
    names.lazy.compactMap { fields[$0] as? String }.first
  }

  /// Whether a text is an address: absolute, or a path that is no Base64.
  private static func isAddress(_ text: String) -> Bool {
    guard text.utf8.count <= 16_384 else { return false }
    let start = text.prefix(8).lowercased()
    if start.hasPrefix("http://") || start == "https://" { return true }
    return text.hasPrefix("/") && text.contains { $0 == "." || $0 == "?" } && !text.contains(where: \.isWhitespace)
  }

  private static let audio: Set<String> = [
    "mp3", "wav", "flac", "ogg", "oga", "opus", "m4a", "aac", "pcm", "aif", "aiff", "weba",
  ]
  private static let noAudio: Set<String> = [
    "png", "jpg", "jpeg", "webp", "gif", "svg", "avif", "json", "txt", "srt", "vtt", "lrc", "mid", "midi", "pdf",
    "html", "zip",
  ]

  /// 2 for what is named as audio, 0 for what is named as something else, 1 for all others.
  private static func rank(_ url: String) -> Int {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return 1 }
    let ending = name[name.index(after: dot)...].lowercased()
    return audio.contains(ending) ? 2 : noAudio.contains(ending) ? 0 : 1
  }

  /// A name without case and separators.
  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }
}
