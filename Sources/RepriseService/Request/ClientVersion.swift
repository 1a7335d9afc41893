/// The version the client names itself with.
public enum ClientVersion {
  /// As in the changelog.
  public static let current = "0.1.0"
}
