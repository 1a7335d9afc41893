// One import for the public interface of every module.
@_exported public import RepriseAnalysis
@_exported public import RepriseAudio
@_exported public import RepriseEngine
@_exported public import RepriseJobs
@_exported public import RepriseLibrary
@_exported public import RepriseLocalService
@_exported public import ReprisePreparation
@_exported public import RepriseService
@_exported public import RepriseSystem
@_exported public import RepriseVerification
