package import ReprisePreparation

/// The error for a recording that a service is to fetch by its URL though it has to be changed first.
package struct LinkNeedsChange: Error {
  /// URL of the recording.
  package let url: String
  /// Plan of the change.
  package let plan: Plan

  /// Throws unless the recording of a plan can be sent as it is.
  package static func check(_ plan: Plan) throws(LinkNeedsChange) {
    guard plan.keepsFile else { throw LinkNeedsChange(url: plan.path, plan: plan) }
  }
}
