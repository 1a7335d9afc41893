/// The frames of a block of a Matroska file (RFC 9559 §10): one, or several with their sizes in front ("lacing").
struct MatroskaBlock {
  /// Number of the track.
  let track: Int
  /// Offset of the first frame.
  let start: Int
  /// Sizes of all frames but the last, which has the remaining bytes.
  let sizes: [Int]

  /// Reads the head of a block whose contents are `body`; `nil` if it is invalid.
  init?(_ bytes: RawSpan, _ body: Range<Int>) {
    guard let number = EBMLElement.number(bytes, at: body.lowerBound), let track = number.value,
      let flags = bytes.byte(at: body.lowerBound + number.width + 2)
    else { return nil }
    self.track = track
    var offset = body.lowerBound + number.width + 3
    var sizes: [Int] = []
    let lacing = flags >> 1 & 3
    if lacing != 0 {
      guard let more = bytes.byte(at: offset) else { return nil }
      offset += 1
      switch lacing {
      case 1:
        for _ in 0..<more {
          var size = 0
          while let byte = bytes.byte(at: offset) {
            offset += 1
            size += Int(byte)
            if byte < 255 { break }
          }
          sizes.append(size)
        }
      case 2:
        let rest = body.upperBound - offset
        let count = Int(more) + 1
        guard rest >= 0, rest % count == 0 else { return nil }
        sizes = Array(repeating: rest / count, count: count - 1)
      default:
        for index in 0..<Int(more) {
          guard let (value, width) = EBMLElement.number(bytes, at: offset), let value else { return nil }
          offset += width
          // Behind the first size, differences, biased to be positive.
          let size = index == 0 ? value : (sizes.last ?? 0) + value - ((1 << (7 * width - 1)) - 1)
          guard size >= 0, size <= body.count else { return nil }
          sizes.append(size)
        }
      }
    }
    guard offset <= body.upperBound, sizes.reduce(0, +) <= body.upperBound - offset else { return nil }
    start = offset
    self.sizes = sizes
  }
}
