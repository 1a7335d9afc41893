internal import CZlib

/// The reason why zlib cannot compress.
package enum CompressionError: Error, Sendable, Equatable {
  /// The library could not be loaded, for the loader's reason.
  case missing(reason: String)
  /// The library failed, with its result code, such as −4 for no memory.
  case failed(code: Int32)
}

/// Compression by zlib.
package enum Deflate {
  /// Checks that zlib can be loaded.
  ///
  /// - Throws: `CompressionError` if it cannot.
  package static func checkAvailability() throws(CompressionError) {
    if let reason = unsafe reprise_zlib_missing() { throw .missing(reason: unsafe String(cString: reason)) }
  }

  /// Returns bytes compressed, in zlib's format (RFC 1950).
  ///
  /// - Throws: `CompressionError` if the library is missing or has no memory.
  package static func zlib(_ bytes: [UInt8]) throws(CompressionError) -> [UInt8] {
    try checkAvailability()
    var code = Z_OK
    let output = unsafe [UInt8](unsafeUninitializedCapacity: Int(compressBound(UInt(bytes.count)))) { buffer, count in
      var length = UInt(buffer.count)
      code = unsafe bytes.withUnsafeBufferPointer {
        unsafe compress2(buffer.baseAddress, &length, $0.baseAddress, UInt($0.count), Z_DEFAULT_COMPRESSION)
      }
      count = code == Z_OK ? Int(length) : 0
    }
    guard code == Z_OK else { throw .failed(code: code) }
    return output
  }

  /// Returns the CRC-32 of bytes as PNG and gzip have it (ISO 3309).
  ///
  /// - Throws: `CompressionError` if the library is missing.
  package static func crc32(_ bytes: [UInt8]) throws(CompressionError) -> UInt32 {
    try checkAvailability()
    return unsafe bytes.withUnsafeBufferPointer { buffer in
      // Without an address the function returns the initial value, which is also the CRC-32 of no bytes.
      UInt32(truncatingIfNeeded: unsafe CZlib.crc32(0, buffer.baseAddress, UInt32(buffer.count)))
    }
  }
}
