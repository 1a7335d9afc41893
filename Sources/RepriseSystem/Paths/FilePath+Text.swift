// Re-exported: modules that import this one have the type of its paths.
@_exported public import SystemPackage

extension FilePath {
  /// The path as text, as the modules below the public interface take it.
  ///
  /// A path that is not UTF-8 leads nowhere: such a file is reported as missing.
  package var text: String { string }
}
