// SPDX-License-Identifier: Apache-2.0
package io.kmsguard.policy;

/**
 * Which Secrets hold what, and under which keys. The defaults are those of the Splice charts and their sample values.
 *
 * @param governance the Secret with the governance key of CometBFT
 * @param publicKey its key with the public half
 * @param privateKey its key with the private half (the seed)
 * @param gcp the Secret with the credentials for Google Cloud KMS
 * @param gcpKey its key with the JSON of a service account
 * @param aws the Secret with the credentials for AWS KMS
 * @param awsAccessKeyId its key with the access key's id
 * @param awsSecretAccessKey its key with the secret access key
 */
public record SecretNames(
        String governance,
        String publicKey,
        String privateKey,
        String gcp,
        String gcpKey,
        String aws,
        String awsAccessKeyId,
        String awsSecretAccessKey) {

    /** What the charts use. */
    public static final SecretNames DEFAULT = new SecretNames(
            "splice-app-sv-cometbft-governance-key",
            "public",
            "private",
            "gke-credentials",
            "googleCredentials",
            "aws-credentials",
            "accessKeyId",
            "secretAccessKey");

    /** The command that makes a new governance key pair and stores it under these names. */
    public String generateCommand(String namespace) {
        var isUsual = publicKey.equals(DEFAULT.publicKey) && privateKey.equals(DEFAULT.privateKey);
        return "kms-guard keys generate -n " + namespace
                + (governance.equals(DEFAULT.governance) ? "" : " --name " + governance)
                + (isUsual ? "" : " --keys " + publicKey + "," + privateKey)
                + " | kubectl apply -f -";
    }

    /** The same with another governance key Secret. */
    public SecretNames withGovernance(String secret, String publicHalf, String privateHalf) {
        return new SecretNames(secret, publicHalf, privateHalf, gcp, gcpKey, aws, awsAccessKeyId, awsSecretAccessKey);
    }
}
