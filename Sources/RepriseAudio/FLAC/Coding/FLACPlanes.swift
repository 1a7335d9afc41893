/// Samples in the layout of libFLAC: one plane of integers for each channel.
enum FLACPlanes {
  /// Writes frames of interleaved samples into an array, which grows if it is too short.
  ///
  /// - Parameters:
  ///   - planes: A plane of `count` samples for each channel.
  ///   - count: The number of frames, 0 or more.
  ///   - width: The number of channels, 1 or more.
  ///   - samples: The array.
  ///   - first: The index in the array of the first sample written.
  ///   - convert: Converts an integer to a sample.
  /// - Returns: `false` if a plane is missing.
  @inline(__always)
  static func interleave<Sample: ExpressibleByIntegerLiteral>(
    _ planes: UnsafePointer<UnsafePointer<Int32>?>, _ count: Int, _ width: Int, into samples: inout [Sample],
    from first: Int, _ convert: (Int32) -> Sample
  ) -> Bool {
    let end = first + count * width
    if samples.count < end { samples.append(contentsOf: repeatElement(0, count: end - samples.count)) }
    return unsafe samples.withUnsafeMutableBufferPointer { buffer -> Bool in
      guard let base = buffer.baseAddress else { return count == 0 }
      let out = unsafe base + first
      // Both channels at once can be vectorised. The size of the array was checked above, so nothing here overflows.
      if width == 2, let left = unsafe planes[0], let right = unsafe planes[1] {
        for index in 0..<count {
          unsafe out[2 &* index] = unsafe convert(left[index])
          unsafe out[2 &* index &+ 1] = unsafe convert(right[index])
        }
        return true
      }
      for channel in 0..<width {
        guard let plane = unsafe planes[channel] else { return false }
        for index in 0..<count { unsafe out[index &* width &+ channel] = unsafe convert(plane[index]) }
      }
      return true
    }
  }
}
