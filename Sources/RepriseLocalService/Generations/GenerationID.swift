/// Creates ids in the format of the remote service: a nanoid, and the model after a colon, so that clients must
/// percent-encode them.
enum GenerationID {
  private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")

  /// Returns `count` characters of 6 random bits each, from the system's cryptographic generator.
  static func token(_ count: Int) -> String {
    String((0..<count).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
  }

  /// Returns a new id, such as `V1StGXR8_Z5jdHi6B-myT:music-cover`.
  static func make(model: String) -> String {
    token(21) + ":" + (model.split(separator: "/").last.map(String.init) ?? model)
  }
}
