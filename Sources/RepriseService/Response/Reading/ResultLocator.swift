import Foundation

/// A search for the location of the result in a response.
///
/// Only fields that are known to hold results are searched, so that a request repeated by the service (its reference,
/// its webhook, pictures, links to itself) is never taken for a result.
struct ResultLocator {
  /// Names of fields that hold the audio sent to the service, by the service's description.
  var inputs: Set<String> = []

  private static let deepest = 6

  /// Names of fields that hold a result, most telling first, without case and separators.
  private static let names = [
    "audiofile", "audiofiles", "outputaudio", "audiooutput", "generatedaudio", "outputurl", "outputs", "output",
    "resulturl",
    "results", "result", "audios", "audio", "audiourl", "audiourls", "songurl", "trackurl", "files", "file", "fileurl",
    "downloadurl", "songs", "tracks", "artifacts", "data", "url", "uri", "href", "link", "src", "signedurl",
    "presignedurl",
  ]
  /// Names of fields that are other links at the top of a response, and a result's URL only in a nested object.
  private static let innerOnly: Set<String> = ["uri", "href", "link", "src", "data", "signedurl", "presignedurl"]
  /// Types by which an object declares itself to be no result.
  private static let others: Set<String> = [
    "input", "inputs", "reference", "source", "request", "original", "upload", "image", "cover", "coverimage",
    "coverart",
    "thumbnail", "video", "lyrics", "text", "metadata", "log", "preview",
  ]

  /// Returns the result in a response's object, or `nil` if there is none.
  func result(in fields: [String: Any]) -> Contract.Generation.AudioFile? { search(fields, isTop: true, depth: 0) }

  private func search(_ fields: [String: Any], isTop: Bool, depth: Int) -> Contract.Generation.AudioFile? {
    guard depth < Self.deepest, isTop || !isOther(fields) else { return nil }
    let byName = Dictionary(
      fields.filter { !inputs.contains($0.key) }.map { (Self.plain($0.key), $0.value) },
      uniquingKeysWith: { first, _ in first })
    // The contract's own form: any text there is the URL.
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

  /// `true` if an object declares itself to be no result: an input, a picture, a text.
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

  /// `true` if a text is an address: absolute, or a path that is no Base64.
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

  /// Returns 2 for a URL that is named like audio, 0 for one that is named like something else, 1 for all others.
  private static func rank(_ url: String) -> Int {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return 1 }
    let ending = name[name.index(after: dot)...].lowercased()
    return audio.contains(ending) ? 2 : noAudio.contains(ending) ? 0 : 1
  }

  /// Returns a name without case and separators.
  private static func plain(_ name: String) -> String {
    name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " }
  }
}
