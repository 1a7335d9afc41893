/// Items of an APE tag (wiki.hydrogenaud.io, "APEv2 specification").
enum APETags {
  /// Reads the items between header and footer.
  ///
  /// - Parameters:
  ///   - items: The bytes of the items.
  ///   - count: The number of items that the tag claims.
  /// - Returns: The tags.
  static func read(_ items: ArraySlice<UInt8>, count: Int) -> Tags {
    var tags = Tags()
    var cursor = ByteCursor(items)
    for _ in 0..<min(count, Tags.mostEntries) {
      guard let size = cursor.little32(), let flags = cursor.little32(), let end = cursor.rest.firstIndex(of: 0),
        let name = cursor.take(end - cursor.rest.startIndex), cursor.skip(1), let value = cursor.take(size)
      else {
        tags.lose(.tag("APE"), bytes: cursor.rest.count)
        break
      }
      let key = TagText.latin1(name)
      switch flags >> 1 & 3 {
      case 0: take(key, value, into: &tags)
      case 1 where key.lowercased().hasPrefix("cover art"):
        // A name of a file precedes the picture.
        guard let split = value.firstIndex(of: 0), split + 1 < value.endIndex else {
          tags.lose(.picture, bytes: value.count)
          continue
        }
        let data = value[(split + 1)...]
        tags.pictures.append(
          Tags.Picture(
            kind: key.lowercased().contains("back") ? 4 : 3, mediaType: PictureFacts.mediaType("", data),
            description: "", data: Array(data)))
      default: tags.lose(.block(key), bytes: value.count, .noPlace)
      }
    }
    return tags
  }

  private static func take(_ key: String, _ value: ArraySlice<UInt8>, into tags: inout Tags) {
    for text in value.split(separator: 0).prefix(100) {
      let text = TagText.utf8OrLatin1(text)
      let name = key.uppercased()
      if name == "TRACK" || name == "DISC" {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        if let number = parts.first { tags.add(name + "NUMBER", number) }
        if parts.count > 1 { tags.add(name + "TOTAL", parts[1]) }
      } else {
        let known = TagNames.key(key)
        tags.add(TagNames.frame(known) == nil ? key : known, text)
      }
    }
  }
}
