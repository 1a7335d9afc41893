/// The version of Reprise.
public enum RepriseVersion {
  /// The version, as in the changelog: the command's, the library's, and the one that the client sends to a service.
  public static let current = "0.1.0"
}
