/// The encodings of texts in tags.
enum TagText {
  /// Returns ISO-8859-1 as text.
  static func latin1(_ bytes: ArraySlice<UInt8>) -> String {
    var text = String.UnicodeScalarView()
    for byte in bytes { text.append(Unicode.Scalar(byte)) }
    return String(text)
  }

  /// Returns UTF-8, or ISO-8859-1 if it is not UTF-8, without zeros at the end.
  static func utf8OrLatin1(_ bytes: ArraySlice<UInt8>) -> String {
    var bytes = bytes
    while bytes.last == 0 { bytes = bytes.dropLast() }
    return String(validating: bytes, as: UTF8.self) ?? latin1(bytes)
  }

  /// Returns UTF-16, big-endian unless a byte order mark or `isBig` says otherwise.
  static func utf16(_ bytes: ArraySlice<UInt8>, isBig: Bool) -> String {
    var isBig = isBig
    var bytes = bytes
    if bytes.starts(with: [0xFF, 0xFE]) {
      isBig = false
      bytes = bytes.dropFirst(2)
    } else if bytes.starts(with: [0xFE, 0xFF]) {
      isBig = true
      bytes = bytes.dropFirst(2)
    }
    var units: [UInt16] = []
    units.reserveCapacity(bytes.count / 2)
    var place = bytes.startIndex
    while place + 1 < bytes.endIndex {
      let (one, two) = (UInt16(bytes[place]), UInt16(bytes[place + 1]))
      units.append(isBig ? one << 8 | two : two << 8 | one)
      place += 2
    }
    return String(decoding: units, as: UTF16.self)
  }

  /// Returns the text in an encoding of ID3v2: 0 ISO-8859-1, 1 UTF-16 with a byte order mark, 2 UTF-16BE, 3 UTF-8.
  static func id3(_ bytes: ArraySlice<UInt8>, encoding: UInt8) -> String {
    switch encoding {
    case 1: utf16(bytes, isBig: false)
    case 2: utf16(bytes, isBig: true)
    case 3: String(decoding: bytes, as: UTF8.self)
    default: latin1(bytes)
    }
  }

  /// Splits bytes at the first terminator of an encoding of ID3v2; without one, all is the first part.
  static func split(_ bytes: ArraySlice<UInt8>, encoding: UInt8) -> (ArraySlice<UInt8>, rest: ArraySlice<UInt8>) {
    guard encoding == 1 || encoding == 2 else {
      guard let end = bytes.firstIndex(of: 0) else { return (bytes, bytes[bytes.endIndex...]) }
      return (bytes[..<end], bytes[(end + 1)...])
    }
    var place = bytes.startIndex
    while place + 1 < bytes.endIndex {
      if bytes[place] == 0, bytes[place + 1] == 0 { return (bytes[..<place], bytes[(place + 2)...]) }
      place += 2
    }
    return (bytes, bytes[bytes.endIndex...])
  }

  /// Returns all texts between terminators, without empty ones.
  static func list(_ bytes: ArraySlice<UInt8>, encoding: UInt8) -> [String] {
    var rest = bytes
    var found: [String] = []
    while !rest.isEmpty, found.count < Tags.mostEntries {
      let (text, next) = split(rest, encoding: encoding)
      let value = id3(text, encoding: encoding)
      if !value.isEmpty { found.append(value) }
      rest = next
    }
    return found
  }

  /// Returns a number of `width` bytes, most significant first.
  static func big(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
  }

  /// Returns a number of 32 bits, least significant byte first.
  static func little(_ value: Int) -> [UInt8] { WaveHeader.little(value, 4) }
}
