{{- define "kms-guard.webhook" -}}
admissionReviewVersions: [v1, v1beta1]
sideEffects: None
matchPolicy: Equivalent
timeoutSeconds: {{ .root.Values.webhook.timeoutSeconds }}
clientConfig:
  service:
    name: {{ include "kms-guard.name" .root }}
    namespace: {{ .root.Release.Namespace }}
    path: {{ .path }}
    port: 443
namespaceSelector:
  matchExpressions:
  - key: kubernetes.io/metadata.name
    operator: NotIn
    values: {{ toJson .excluded }}
{{- end -}}

{{- /* Whether a container of the object, old or new, runs one of those (init containers that run on beside the others are some): by image, name, HOCON root or an env var of the chart.
The API server spends only so much on a condition, and matches() costs ten times startsWith(): it is asked of few texts. */ -}}
{{- define "kms-guard.runs" -}}
[object, oldObject].exists(o, o != null && has(o.spec) && has(o.spec.template) && has(o.spec.template.spec) && has(o.spec.template.spec.containers) && o.spec.template.spec.containers != null && (o.spec.template.spec.containers + (has(o.spec.template.spec.initContainers) && o.spec.template.spec.initContainers != null ? o.spec.template.spec.initContainers.filter(c, has(c.restartPolicy) && c.restartPolicy == 'Always') : [])).exists(c, c.name in [{{ .names }}] || (has(c.image) && c.image.matches('(^|/)({{ .images }})(:[^/]*)?(@.*)?$')) || (has(c.env) && c.env.exists(e, {{ range .env }}e.name.startsWith('{{ . }}') || {{ end }}(e.name.startsWith('ADDITIONAL_CONFIG') && (!has(e.value) || e.value.matches('(^|[^a-z-])({{ .roots }})[^a-z-]')))))))
{{- end -}}

{{- /* What a controller made is reviewed where that one is. */ -}}
{{- define "kms-guard.own" -}}
request.resource.resource != 'replicasets' || !has(object.metadata.ownerReferences) || object.metadata.ownerReferences.size() == 0
{{- end -}}

{{- /* Whether env vars of a container come by reference, all at once: then nothing else tells what it runs. */ -}}
{{- define "kms-guard.refers" -}}
has(object.spec) && has(object.spec.template) && has(object.spec.template.spec) && has(object.spec.template.spec.containers) && object.spec.template.spec.containers != null && object.spec.template.spec.containers.exists(c, has(c.envFrom) && c.envFrom != null && c.envFrom.size() > 0)
{{- end -}}

{{- /* Whether a ConfigMap, old or new, says anything to Canton or Splice, or a Secret is one that may be read. Those that every
namespace has, and those in which others elect a leader, never come. */ -}}
{{- define "kms-guard.configures" -}}
{{- with .Values.readableSecrets -}}
request.resource.resource == 'secrets' ? request.name in [{{ range $i, $name := . }}{{ if $i }}, {{ end }}'{{ $name }}'{{ end }}] : {{ end -}}
[object, oldObject].exists(o, o != null && has(o.data) && o.data != null && o.data.exists(k, k.startsWith('ADDITIONAL_CONFIG') || k.startsWith('CONFIG_FORCE_') || k.startsWith('CANTON_') || k.startsWith('SPLICE_APP_') || k.contains('JAVA_') || ['canton', 'participant', 'crypto', 'kms'].exists(word, o.data[k].contains(word))))
{{- end -}}

{{- define "kms-guard.webhook-annotations" -}}
{{- $annotations := deepCopy .Values.webhook.annotations -}}
{{- if ne .Values.certificates.source "managed" -}}
{{- $_ := set $annotations "cert-manager.io/inject-ca-from" (printf "%s/%s" .Release.Namespace (include "kms-guard.name" .)) -}}
{{- end -}}
{{- toYaml $annotations -}}
{{- end -}}
