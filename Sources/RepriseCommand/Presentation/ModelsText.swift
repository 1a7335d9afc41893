import RepriseAnalysis

/// The text on learned models that an analysis does without.
enum ModelsText {
  /// Returns a remark on models that are missing or cannot be used; `nil` if all are there, or if the user wants none.
  static func remark(_ models: LearnedModels, environment: [String: String]) -> String? {
    guard environment[LearnedModels.variable] != "" else { return nil }
    let faults = models.faults.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value)" }
    let missing = models.missing.map(\.rawValue)
    guard !faults.isEmpty || !missing.isEmpty else { return nil }
    let absent = missing.isEmpty ? nil : "not installed: \(missing.joined(separator: ", "))"
    return "heard without all learned models (\((faults + [absent].compactMap(\.self)).joined(separator: "; "))); "
      + "a clone's scripts/models installs them"
  }
}
