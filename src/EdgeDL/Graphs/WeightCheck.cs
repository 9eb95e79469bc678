namespace EdgeDL.Graphs;

/// <summary>
/// When the SHA-256 of a file's weights is compared with the one that the file states. All else is
/// checked while loading in any case, and no weights can make a model read or write outside its
/// memory: what a later check leaves open is whether answers are right on a damaged disk.
/// </summary>
public enum WeightCheck
{
    /// <summary>While loading, before anything runs. Of a file with packed weights: these, and the
    /// plain ones that are read beside them; plain weights that the packed ones replace are
    /// compared before a session packs them, and by <see cref="Model.VerifyWeights"/>.</summary>
    WhileLoading,

    /// <summary>By <see cref="Model.VerifyWeights"/>, or never.</summary>
    OnRequest,
}
