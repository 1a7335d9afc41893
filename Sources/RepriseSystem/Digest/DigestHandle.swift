#if canImport(CommonCrypto)
  internal import CommonCrypto
#else
  internal import CCrypto
#endif

/// The system library's own state of one SHA-256; all C pointers to that state live here.
@safe struct DigestHandle: ~Copyable {
  #if canImport(CommonCrypto)
    private let context: UnsafeMutablePointer<CC_SHA256_CTX>
  #else
    private let context: OpaquePointer
  #endif
  /// `true` while the library has accepted everything.
  private var isWell = true

  /// Creates the state of a new digest.
  ///
  /// - Throws: `DigestError` if the library is missing or has no memory.
  init() throws(DigestError) {
    #if canImport(CommonCrypto)
      unsafe context = .allocate(capacity: 1)
      unsafe context.initialize(to: CC_SHA256_CTX())
      unsafe CC_SHA256_Init(context)
    #else
      if let reason = unsafe reprise_crypto_missing() {
        throw .missing(reason: unsafe String(cString: reason))
      }
      guard let context = unsafe EVP_MD_CTX_new() else {
        throw .notStarted
      }
      guard unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
        unsafe EVP_MD_CTX_free(context)
        throw .unsupported
      }
      unsafe self.context = context
    #endif
  }

  mutating func update(_ bytes: RawSpan) {
    if bytes.isEmpty { return }
    unsafe bytes.withUnsafeBytes { buffer in
      #if canImport(CommonCrypto)
        // The library's count has 32 bits.
        var rest = unsafe buffer[...]
        while unsafe !rest.isEmpty {
          let part = unsafe UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
          unsafe CC_SHA256_Update(context, part.baseAddress, CC_LONG(part.count))
          unsafe rest = rest.dropFirst(part.count)
        }
      #else
        if unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) != 1 { isWell = false }
      #endif
    }
  }

  /// Returns the digest's bytes.
  ///
  /// - Throws: `DigestError` if the library failed at any step.
  mutating func finish() throws(DigestError) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: SHA256.byteCount)
    #if canImport(CommonCrypto)
      unsafe digest.withUnsafeMutableBufferPointer { _ = unsafe CC_SHA256_Final($0.baseAddress, context) }
    #else
      // The library may write up to its longest digest's length, but writes SHA-256's.
      let ended = unsafe digest.withUnsafeMutableBufferPointer {
        unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
      }
      guard isWell, ended == 1 else {
        throw .failed
      }
    #endif
    return digest
  }

  deinit {
    #if canImport(CommonCrypto)
      unsafe context.deinitialize(count: 1)
      unsafe context.deallocate()
    #else
      unsafe EVP_MD_CTX_free(context)
    #endif
  }
}
