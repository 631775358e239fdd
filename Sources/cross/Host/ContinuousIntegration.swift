// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: the crate is_ci 1.2, by which cross-rs knows that nobody is watching.

/// Whether the program runs for a machine rather than for a person.
enum ContinuousIntegration {
    /// Decides by the variables that services set.
    static func isPresent(in environment: [String: String]) -> Bool {
        if let value = environment["CI"], values.contains(value) { return true }
        if environment["NODE"]?.hasSuffix("//heroku/node/bin/node") ?? false { return true }
        return services.contains { environment[$0] != nil }
    }

    private static let values: Set<String> = ["true", "1", "woodpecker"]

    private static let services = [
        "APPVEYOR", "BITBUCKET_DEPLOYMENT", "BITRISE_IO", "BUDDY_WORKSPACE_ID", "BUILDER_OUTPUT",
        "BUILDKITE", "CIRCLECI", "CIRRUS_CI", "CI_NAME", "CODEBUILD_SRC_DIR", "DRONE", "DSARI",
        "GERRIT_PROJECT", "GITHUB_ACTION", "GITLAB_CI", "GITLAB_DEPLOYMENT", "GO_PIPELINE_NAME",
        "HUDSON_URL", "JENKINS_URL", "MAGNUM", "NETLIFY", "NEVERCODE", "NOW_BUILDER",
        "NOW_GITHUB_DEPLOYMENT", "RENDER", "SAIL_CI", "SEMAPHORE", "SHIPPABLE", "STRIDER",
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI", "TASKCLUSTER_ROOT_URL", "TDDIUM", "TRAVIS", "WERCKER",
        "bamboo.buildKey",
    ]
}
