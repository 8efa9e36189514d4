"""The part of the GraphQL Admin API's schema (2025-10) that this sandbox serves."""

from graphql import GraphQLSchema, build_schema

SDL = """
scalar DateTime
scalar HTML
scalar Money
scalar URL
scalar UnsignedInt64

enum ProductStatus { ACTIVE ARCHIVED DRAFT }
enum ProductSortKeys { ID UPDATED_AT TITLE }
enum MetafieldOwnerType { PRODUCT PRODUCTVARIANT }
enum MediaContentType { IMAGE VIDEO EXTERNAL_VIDEO MODEL_3D }
enum StagedUploadTargetGenerateUploadResource { IMAGE FILE VIDEO }
enum StagedUploadHttpMethodType { POST PUT }

interface Node { id: ID! }
interface Media { id: ID! }
type Image { url: URL! }
type MediaImageOriginalSource { fileSize: Int url: URL }
type MediaImage implements Media & Node {
  id: ID! mimeType: String image: Image originalSource: MediaImageOriginalSource
}
type Metafield { value: String! }
type PageInfo { endCursor: String hasNextPage: Boolean! }
type ProductVariant implements Node { id: ID! sku: String price: Money! product: Product! }
type ProductVariantConnection { nodes: [ProductVariant!]! }
type MediaConnection { nodes: [Media!]! }
type Product implements Node {
  id: ID! title: String! descriptionHtml: HTML! vendor: String! productType: String! tags: [String!]! handle: String!
  status: ProductStatus! updatedAt: DateTime!
  metafield(namespace: String, key: String!): Metafield
  variants(first: Int): ProductVariantConnection!
  media(last: Int): MediaConnection!
}
type ProductConnection { nodes: [Product!]! pageInfo: PageInfo! }
type Shop { name: String! myshopifyDomain: String! }
type MetafieldDefinition implements Node { id: ID! }
type MetafieldDefinitionConnection { nodes: [MetafieldDefinition!]! }
input UniqueMetafieldValueInput { namespace: String key: String! value: String! }
input ProductIdentifierInput { id: ID handle: String customId: UniqueMetafieldValueInput }

type Query {
  shop: Shop!
  node(id: ID!): Node
  product(id: ID!): Product
  productByIdentifier(identifier: ProductIdentifierInput!): Product
  products(first: Int, after: String, query: String, sortKey: ProductSortKeys): ProductConnection!
  productVariants(first: Int, query: String): ProductVariantConnection!
  metafieldDefinitions(first: Int, ownerType: MetafieldOwnerType!, namespace: String, key: String): MetafieldDefinitionConnection!
}

type UserError { field: [String!] message: String! }
type CodedUserError { field: [String!] message: String! code: String }
type StagedUploadParameter { name: String! value: String! }
type StagedMediaUploadTarget { url: URL resourceUrl: URL parameters: [StagedUploadParameter!]! }
input StagedUploadInput {
  filename: String! mimeType: String! resource: StagedUploadTargetGenerateUploadResource!
  httpMethod: StagedUploadHttpMethodType fileSize: UnsignedInt64
}
input MetafieldInput { namespace: String key: String type: String value: String }
input ProductCreateInput {
  title: String descriptionHtml: String vendor: String productType: String tags: [String!] handle: String
  status: ProductStatus metafields: [MetafieldInput!]
}
input ProductUpdateInput {
  id: ID title: String descriptionHtml: String vendor: String productType: String tags: [String!] handle: String
  status: ProductStatus metafields: [MetafieldInput!]
}
input ProductDeleteInput { id: ID! }
input CreateMediaInput { originalSource: String! mediaContentType: MediaContentType! alt: String }
input InventoryItemInput { sku: String }
input ProductVariantsBulkInput { id: ID price: Money inventoryItem: InventoryItemInput }
input MetafieldDefinitionInput { name: String! namespace: String key: String! type: String! ownerType: MetafieldOwnerType! }

type StagedUploadsCreatePayload { stagedTargets: [StagedMediaUploadTarget!] userErrors: [UserError!]! }
type ProductCreatePayload { product: Product userErrors: [UserError!]! }
type ProductUpdatePayload { product: Product userErrors: [UserError!]! }
type ProductDeletePayload { deletedProductId: ID userErrors: [UserError!]! }
type ProductVariantsBulkUpdatePayload { productVariants: [ProductVariant!] userErrors: [CodedUserError!]! }
type MetafieldDefinitionCreatePayload { createdDefinition: MetafieldDefinition userErrors: [CodedUserError!]! }
type FileDeletePayload { deletedFileIds: [ID!] userErrors: [CodedUserError!]! }

type Mutation {
  stagedUploadsCreate(input: [StagedUploadInput!]!): StagedUploadsCreatePayload
  productCreate(product: ProductCreateInput, media: [CreateMediaInput!]): ProductCreatePayload
  productUpdate(product: ProductUpdateInput, media: [CreateMediaInput!]): ProductUpdatePayload
  productDelete(input: ProductDeleteInput!): ProductDeletePayload
  productVariantsBulkUpdate(productId: ID!, variants: [ProductVariantsBulkInput!]!): ProductVariantsBulkUpdatePayload
  metafieldDefinitionCreate(definition: MetafieldDefinitionInput!): MetafieldDefinitionCreatePayload
  fileDelete(fileIds: [ID!]!): FileDeletePayload
}
"""


def schema() -> GraphQLSchema:
    return build_schema(SDL)
